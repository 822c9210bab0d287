import { lessSound } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";
import { exactly, within } from "./row.ts";

/** METHOD R11 has 10 KiB; so much more, and what a buffer needs beside its bytes is no part of the error. */
const GROWN_BYTES = 64 * 1024;
const WORKLOAD = { subscribers: 900, steps: 8, rate: "20/s", duration: "1s", settle: "0ms", warmup: "200ms", connectRate: "2k/s" } as const;

/** Memory that a server takes for each subscriber beside its own. */
export const growing: Experiment = async (bench) => {
  if (!bench.holds) return [];
  const plain = await bench.trial({ workload: WORKLOAD });
  const tried = await bench.trial({ workload: WORKLOAD, faults: [{ kind: "grow", bytes: GROWN_BYTES }] });
  const slope = ({ measurement }: typeof plain): number => measurement.metrics["server_memory_per_connection_bytes"] ?? NaN;
  const head = { server: bench.server, fault: "64 KiB a subscriber taken and never freed" };
  const injected = tried.injected.grownBytes / tried.scenario.subscribers;
  const of = lessSound(plain, tried);
  return [
    within(
      head,
      { metric: "server memory a connection", unit: "B", injected, reported: slope(tried) - slope(plain), allowed: 0.1 * injected },
      of,
    ),
    ...(bench.transport.name.endsWith("-http2")
      ? []
      : [exactly(head, "server_fds_per_connection", "", 1, tried.measurement.metrics["server_fds_per_connection"], of)]),
  ];
};
