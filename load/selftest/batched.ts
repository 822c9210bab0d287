import { findCommand } from "../find-command.ts";
import { decodeHistogram } from "../hdr.ts";
import type { Measurement } from "../measurement.ts";
import { createSchedule } from "../schedule.ts";
import type { Bench, Tried } from "./bench.ts";
import { heldInBatches, polledWithin, quantileOf } from "./expected.ts";
import { allowedMs, lessSound, windowOf } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";
import { within } from "./row.ts";
import type { Row, RowHead } from "./row.ts";

/** Seven messages, 16 ms apart: the next one falls due 12 ms after the batch closes, however late its timer is. */
const BATCH_MS = 100;
const WORKLOAD = { rate: "62.5/s", duration: "3s", batch: `${BATCH_MS}ms` };

/** How far what is counted once a batch may lie off: the edges of the window cut a batch in two. */
const ALLOWED_SHARE = 0.1;

/** Of seven messages one opens the batch and waits for all of it: the p95 is theirs, and no matter of how long the machine held one up. */
const LONGEST = "delivery_latency_ms.p95";

/**
 * Messages sent in batches, at an even rate. What each waits for the end of its own follows from the schedule: a whole batch at most,
 * half of it on average. What costs a request or a segment once a message costs it once a batch.
 */
export const batched: Experiment = async (bench) => {
  const plain = await bench.plain();
  const tried = await bench.trial({ workload: WORKLOAD });
  const head = { server: bench.server, fault: `messages sent in batches of ${BATCH_MS} ms` };
  const { waitsNs, perMessage } = batchesOf(tried);
  const addedMs = waitsNs.reduce((sum, ns) => sum + ns, 0) / waitsNs.length / 1e6;
  const mean = {
    metric: "delivery latency, mean, less that without batches",
    unit: "ms",
    injected: addedMs,
    reported: meanMs(tried) - meanMs(plain),
    allowed: allowedMs("p99", addedMs),
  };
  const sound = lessSound(plain, tried);
  const longestMs = quantileOf(latencies(bench, plain, waitsNs), 0.95) / 1e6;
  const reported = tried.measurement.metrics[LONGEST];
  const longest = { metric: LONGEST, unit: "ms", injected: longestMs, allowed: allowedMs("p99", longestMs) };
  return [
    within(head, mean, sound),
    within(head, { ...longest, ...(reported === undefined ? {} : { reported }) }, sound),
    ...sendingRows(head, bench, perMessage, tried.measurement),
  ];
};

/** Of the window's messages: what each waits, and how many batches there are to a message. */
function batchesOf(tried: Tried): { readonly waitsNs: readonly number[]; readonly perMessage: number } {
  const { scenario, seed } = tried;
  const { first, dueNs } = windowOf(tried);
  const schedule = createSchedule({ ...scenario, seed }, (scenario.warmupMs + scenario.durationMs) * 1e6);
  const all = Array.from({ length: schedule.count }, (_, n) => schedule.dueAt(n));
  const batchNs = scenario.batchMs * 1e6;
  const waitsNs = heldInBatches(all, batchNs).slice(first);
  return { waitsNs, perMessage: waitsNs.filter((wait) => wait === batchNs).length / dueNs.length };
}

/** With the way to the subscriber, as it is without batches; and up to an interval more at a poller. */
function latencies({ transport }: Bench, { measurement, scenario }: Tried, waitsNs: readonly number[]): readonly number[] {
  const p50 = measurement.metrics["delivery_latency_ms.p50"] ?? NaN;
  const intervalMs = transport.capabilities.polls ? scenario.pollIntervalMs : 0;
  const held = waitsNs.map((ns) => ns + (p50 - intervalMs / 2) * 1e6);
  return transport.capabilities.polls ? polledWithin(held, intervalMs * 1e6) : held;
}

function meanMs({ measurement }: Tried): number {
  const encoded = measurement.histograms["delivery"];
  if (encoded === undefined) return NaN;
  const histogram = decodeHistogram(encoded);
  return histogram.buckets().reduce((sum, [low, high, times]) => sum + ((low + high) / 2) * times, 0) / histogram.count / 1e6;
}

/**
 * What is counted once a batch: requests where they wait for a message, else the segments that the kernel counts at the server's end;
 * over HTTP/2 subscribers share those.
 */
function sendingRows(head: RowHead, { transport, holds }: Bench, injected: number, measurement: Measurement): Row[] {
  const counted = transport.capabilities.asksAgain
    ? ["requests_per_delivery"]
    : holds && !transport.name.endsWith("-http2") && findCommand("ss") !== undefined
      ? ["segments_per_delivery"]
      : [];
  return counted.map((metric) => {
    const reported = measurement.metrics[metric];
    const figure = { metric, unit: "", injected, allowed: ALLOWED_SHARE * injected, ...(reported === undefined ? {} : { reported }) };
    return within(head, figure, measurement);
  });
}
