import { availableParallelism } from "node:os";
import type { Bench, TrialOrder } from "./bench.ts";
import type { Experiment } from "./experiment.ts";
import { startNeighbours } from "./neighbours.ts";
import { says } from "./row.ts";
import type { Row } from "./row.ts";

interface Starvation extends TrialOrder {
  readonly how: string;
  /** Code of the reason that must be given. */
  readonly reason: string;
  /** A busy loop beside it on each core. */
  readonly beside?: true;
}

const SHORT = { rate: "100/s", duration: "1s" } as const;
export const STARVATIONS: readonly Starvation[] = [
  {
    how: "the probes compute 0.5 ms at each message",
    reason: "probe_saturated",
    workload: SHORT,
    sabotage: { busy: { role: "probes", ms: 0.5 } },
  },
  {
    how: "probes with time enough compute 0.2 ms at each message",
    reason: "probes_queue",
    workload: SHORT,
    sabotage: { busy: { role: "probes", ms: 0.2 } },
  },
  {
    how: "the other subscribers compute 0.3 ms at each message",
    reason: "worker_saturated",
    workload: { ...SHORT, subscribers: 64 },
    sabotage: { busy: { role: "subscribers", ms: 0.3 } },
  },
  {
    how: "one worker, on a library that needs more",
    reason: "worker_saturated",
    workload: { subscribers: 450, rate: "500/s", duration: "1s", client: "reference" },
  },
  { how: "a busy loop beside it on each core", reason: "foreign_load", workload: SHORT, beside: true },
];

/** A generator that cannot keep up must say so, and why. */
export const starved: Experiment = async (bench) => {
  const rows: Row[] = [];
  for (const starvation of STARVATIONS) rows.push(await starve(bench, starvation));
  return rows;
};

export async function starve(bench: Bench, { how, reason, beside, ...order }: Starvation): Promise<Row> {
  const neighbours = startNeighbours(beside === undefined ? 0 : availableParallelism(), 1);
  try {
    const { measurement } = await bench.trial(order);
    return says({ server: bench.server, fault: how }, reason, measurement);
  } finally {
    await neighbours.stop();
  }
}
