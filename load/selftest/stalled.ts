import type { Fault } from "../../servers/fault.ts";
import { latenciesOfStalls, quantileOf } from "./expected.ts";
import { allowedMs, latencyRows, windowOf } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";
import { closedLoop, stampedAtEmission } from "./naive.ts";
import type { Latencies } from "./naive.ts";
import { comesOutWrong } from "./row.ts";
import type { Row } from "./row.ts";

const STALL = { kind: "stall", ms: 500, everyMs: 5000 } as const;
/** Long enough for two stalls, wherever in its period it begins. */
const WINDOW_MS = 11_000;
/** Between two messages of each of the ways that hide it. */
const NAIVE_EVERY_MS = 5;

/** The whole server stands still, and beside the true measurement stand two of the same server that hide it. */
export const stalled: Experiment = async (bench) => {
  const own: Fault = { kind: "emit", topic: "own", everyMs: NAIVE_EVERY_MS };
  let naive: Promise<readonly [loop: Latencies, emission: Latencies]> | undefined;
  const tried = await bench.trial({
    workload: { subscribers: 1, rate: "1k/s", duration: `${WINDOW_MS}ms`, pollInterval: "2ms" },
    faults: [STALL, own],
    sabotage: {
      onTimes({ endNs }, target) {
        naive = Promise.all([
          closedLoop(bench.transport, target, NAIVE_EVERY_MS, endNs),
          stampedAtEmission(bench.transport, target, own.topic, endNs),
        ]);
        // Where the trial fails it says why.
        naive.catch(() => {});
      },
    },
  });
  const startNs = tried.times?.startNs ?? 0;
  const due = windowOf(tried).dueNs.map((atNs) => startNs + atNs);
  const expected = latenciesOfStalls(due, tried.injected.stallsNs);
  const head = { server: bench.server, fault: "a stall of 500 ms every 5 s, from the due time" };
  const rows = latencyRows(head, expected, ["p99", "p999"], tried);
  // The two wait for a server that is gone where the trial did not go to its end.
  if (tried.measurement.status !== "complete" || naive === undefined) return rows;
  const [loop, emission] = await naive;
  const injected = quantileOf(expected, 0.99) / 1e6;
  const hidden = (how: string, latencies: Latencies): Row =>
    comesOutWrong(
      { server: bench.server, fault: `the same stall, ${how}` },
      { metric: "p99", unit: "ms", injected, reported: quantileOf(latencies, 0.99) / 1e6, allowed: allowedMs("p99", injected) },
    );
  return [...rows, hidden("by a closed loop", loop), hidden("stamped at emission", emission)];
};
