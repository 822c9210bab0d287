/** What is done to a measurement on purpose, and what it must say of it; one function an experiment, a row a figure. */
import type { Fault, Miscount } from "../../servers/fault.ts";
import { nowNs } from "../clock.ts";
import type { Measurement } from "../measurement.ts";
import { seededRandom } from "../random.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import { decodeHistogram } from "../hdr.ts";
import { PLAIN } from "./bench.ts";
import type { Bench, Tried } from "./bench.ts";
import { constant, latenciesOfDelays, latenciesOfStalls, logNormal, quantileOf, twoModes } from "./expected.ts";
import type { Distribution } from "./expected.ts";
import { closedLoop, stampedAtEmission } from "./naive.ts";
import { comesOutWrong, exactly, says, within } from "./row.ts";
import type { Row, RowHead } from "./row.ts";

export type Experiment = (bench: Bench) => Promise<Row[]>;

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** METHOD R1 and the issue of this selftest: the larger of a share and a time. */
function allowedMs(name: keyof typeof QUANTILES, ms: number): number {
  return name === "p50" || name === "p90" ? Math.max(0.02 * ms, 1) : Math.max(0.03 * ms, 3);
}

function latencyRows(
  head: RowHead,
  expectedNs: readonly number[],
  names: readonly (keyof typeof QUANTILES)[],
  { measurement }: Tried,
  of = measurement,
): Row[] {
  return names.map((name) => {
    const metric = `delivery_latency_ms.${name}`;
    const injected = expectedNs.length === 0 ? NaN : quantileOf(expectedNs, QUANTILES[name]) / 1e6;
    const reported = measurement.metrics[metric];
    return within(
      head,
      { metric, unit: "ms", injected, allowed: allowedMs(name, injected), ...(reported === undefined ? {} : { reported }) },
      of,
    );
  });
}

/** Of two trials that a figure rests on, the one that must be believed less. */
function lessSound(plain: Tried, tried: Tried): Measurement {
  return plain.measurement.validity.valid ? tried.measurement : plain.measurement;
}

/** The messages due in the window, by their number in the schedule. */
function windowOf({ scenario, seed }: Tried): { readonly first: number; readonly dueNs: readonly number[] } {
  const schedule = createSchedule({ ...scenario, seed }, (scenario.warmupMs + scenario.durationMs) * 1e6);
  const first = firstDueFrom(schedule, scenario.warmupMs * 1e6);
  return { first, dueNs: Array.from({ length: schedule.count - first }, (_, i) => schedule.dueAt(first + i)) };
}

/** Without a fault a message takes what the path takes: little, and half the interval of a poller. */
export const nothingWrong: Experiment = async (bench) => {
  const { measurement, scenario } = await bench.plain();
  const head = { server: bench.server, fault: "nothing" };
  const reported = measurement.metrics["delivery_latency_ms.p50"];
  const injected = bench.transport.capabilities.polls ? scenario.pollIntervalMs / 2 : 0;
  const latency = { metric: "delivery_latency_ms.p50", unit: "ms", injected, allowed: 1, ...(reported === undefined ? {} : { reported }) };
  const bytes = BYTES_AT_128[bench.transport.name];
  return [
    within(head, latency, measurement),
    exactly(
      head,
      "messages_delivered",
      "",
      measurement.metrics["messages_expected"] ?? NaN,
      measurement.metrics["messages_delivered"],
      measurement,
    ),
    ...(bytes === undefined
      ? []
      : [exactly(head, "bytes_down_per_delivery", "B", bytes, measurement.metrics["bytes_down_per_delivery"], measurement)]),
  ];
};

/** Bytes of a delivery of 128 B where the format alone decides them: RFC 6455, 5.2; RFC 9112, 7.1, around a line. */
const BYTES_AT_128: Readonly<Record<string, number>> = { websocket: 4 + 128, "http-stream": "81\r\n".length + 129 + "\r\n".length };

/** Each message held back by a time drawn from a distribution. */
function delayed(name: string, distribution: Distribution): Experiment {
  return async (bench) => {
    const random = seededRandom(42);
    const ms = Array.from({ length: 997 }, () => Number(distribution(random).toFixed(3)));
    const head = { server: bench.server, fault: `each message held back: ${name}` };
    const plain = await bench.plain();
    const tried = await bench.trial({ workload: PLAIN, faults: [{ kind: "delay", ms }] });
    const { first, dueNs } = windowOf(tried);
    const encoded = plain.measurement.histograms["delivery"];
    const without = encoded === undefined ? undefined : decodeHistogram(encoded);
    const expected = latenciesOfDelays(tried.injected.delaysNs.slice(first, first + dueNs.length), (q) => without?.quantile(q) ?? NaN);
    return latencyRows(head, expected, ["p50", "p90", "p99", "p999"], tried, lessSound(plain, tried));
  };
}

export const CONSTANT_DELAY = delayed("50 ms", constant(50));
export const TWO_MODES = delayed("5 ms, or 60 ms in 20 of 100", twoModes(5, 60, 0.2));
export const LOG_NORMAL = delayed("log-normal, median 10 ms, σ 0.8", logNormal(10, 0.8));

const STALL: Fault = { kind: "stall", ms: 500, everyMs: 5000 };

/** The whole server stands still; then the two ways that hide it, on the same server. */
export const stalled: Experiment = async (bench) => {
  const tried = await bench.trial({ workload: { subscribers: 1, rate: "1k/s", duration: "11s", pollInterval: "2ms" }, faults: [STALL] });
  const startNs = tried.times?.startNs ?? 0;
  const expected = latenciesOfStalls(
    windowOf(tried).dueNs.map((due) => startNs + due),
    tried.injected.stallsNs,
  );
  const head = { server: bench.server, fault: "a stall of 500 ms every 5 s, from the due time" };
  return [...latencyRows(head, expected, ["p99", "p999"], tried), ...(await hidden(bench))];
};

async function hidden(bench: Bench): Promise<Row[]> {
  const [everyMs, forMs] = [5, 11_000];
  let loop: readonly number[] = [];
  let emission: readonly number[] = [];
  let beganNs = 0;
  const { stallsNs } = await bench.beside([STALL, { kind: "emit", topic: "own", everyMs }], async (target) => {
    beganNs = nowNs();
    [loop, emission] = await Promise.all([
      closedLoop(bench.transport, target, everyMs, forMs),
      stampedAtEmission(bench.transport, target, "own", forMs),
    ]);
  });
  const due = Array.from({ length: forMs / everyMs }, (_, n) => beganNs + n * everyMs * 1e6);
  const injected = quantileOf(latenciesOfStalls(due, stallsNs), 0.99) / 1e6;
  const row = (how: string, latencies: readonly number[]): Row =>
    comesOutWrong(
      { server: bench.server, fault: `the same stall, ${how}` },
      { metric: "p99", unit: "ms", injected, reported: quantileOf(latencies, 0.99) / 1e6, allowed: allowedMs("p99", injected) },
    );
  return [row("by a closed loop", loop), row("stamped at emission", emission)];
}

/** Messages lost, sent twice, swapped and damaged, each at places of its own. */
export const miscounted: Experiment = async (bench) => {
  const every = 100;
  const fault = (kind: Miscount, at: number): Fault => ({ kind, at, every });
  const faults = [fault("lose", 10), fault("duplicate", 30), fault("corrupt", 50), fault("swap", 70)];
  const tried = await bench.trial({ workload: { rate: "200/s", duration: "2s", drain: "300ms" }, faults });
  const { measurement, injected, scenario } = tried;
  const { lose, duplicate, corrupt, swap } = injected.miscounted;
  const { whole } = measurement.ledger;
  const head = { server: bench.server, fault: "one in 100 lost, sent twice, damaged, swapped" };
  const row = (metric: string, messages: number, reported: number): Row =>
    exactly(head, metric, "", messages * scenario.subscribers, reported, measurement);
  return [
    // A damaged one never comes as it was.
    row("messages_lost", lose + corrupt, whole.lost),
    row("messages_duplicated", duplicate, whole.duplicated),
    row("messages_corrupt", corrupt, whole.corrupt),
    row("messages_reordered", swap, whole.reordered),
    row("messages_delivered", injected.messages - lose - corrupt, whole.delivered),
  ];
};

/** CPU time that a server needs beside its own. */
export const burning: Experiment = async (bench) => {
  // Few polls and few subscribers: what the server needs by itself changes with how busy it is.
  const workload = { subscribers: 5, rate: "50/s", duration: "2s", pollInterval: "100ms" };
  const plain = await bench.trial({ workload });
  const tried = await bench.trial({ workload, faults: [{ kind: "burn", ms: 8 }] });
  const perMessage = ({ measurement, scenario }: Tried): number =>
    (measurement.metrics["server_cpu_us_per_delivery"] ?? NaN) * scenario.subscribers;
  const injected = tried.injected.burntNs / 1000 / tried.injected.messages;
  const reported = perMessage(tried) - perMessage(plain);
  return [
    within(
      { server: bench.server, fault: "8 ms of CPU time burnt at each message" },
      { metric: "server CPU a message", unit: "µs", injected, reported, allowed: 0.05 * injected },
      lessSound(plain, tried),
    ),
  ];
};

/** Descriptors that a server opens for its subscribers and never closes. */
export const leaking: Experiment = async (bench) => {
  if (!bench.holds || bench.transport.name.endsWith("-http2")) return [];
  const { measurement, injected, scenario } = await bench.trial({
    workload: { subscribers: 10, rate: "50/s", duration: "1s" },
    faults: [{ kind: "leak", descriptors: 2 }],
  });
  const { metrics } = measurement;
  const head = { server: bench.server, fault: "2 descriptors a subscriber opened and never closed" };
  return [
    exactly(
      head,
      "server_fds_per_connection",
      "",
      1 + injected.descriptors / scenario.subscribers,
      metrics["server_fds_per_connection"],
      measurement,
    ),
    exactly(head, "server_fds_leaked", "", injected.descriptors, metrics["server_fds_leaked"], measurement),
    says(head, "descriptors_leaked", measurement),
  ];
};

/** A generator that cannot keep up must say so. */
export const starved: Experiment = async (bench) => {
  const { measurement } = await bench.trial({ workload: { rate: "100/s", duration: "2s" }, busyMs: 0.5 });
  return [says({ server: bench.server, fault: "the probes compute 0.5 ms at each message" }, "probe_saturated", measurement)];
};
