import { lessSound } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";
import { exactly, within } from "./row.ts";

/** METHOD R11 has 10 KiB; so much more, and what a buffer needs beside its bytes is no part of the error. */
const GROWN_BYTES = 64 * 1024;
const HOARDED_BYTES = 32 * 1024;
const WORKLOAD = { subscribers: 900, steps: 8, rate: "20/s", duration: "1s", settle: "0ms", warmup: "200ms", connectRate: "2k/s" } as const;

/** Memory that a server and those who load it take for each subscriber beside their own. */
export const growing: Experiment = async (bench) => {
  if (!bench.holds) return [];
  const plain = await bench.trial({ workload: WORKLOAD });
  const tried = await bench.trial({
    workload: WORKLOAD,
    faults: [{ kind: "grow", bytes: GROWN_BYTES }],
    sabotage: { hoardBytes: HOARDED_BYTES },
  });
  const grown = (who: "server" | "generator"): number => {
    const slope = ({ measurement }: typeof plain): number => measurement.metrics[`${who}_memory_per_connection_bytes`] ?? NaN;
    return slope(tried) - slope(plain);
  };
  const head = { server: bench.server, fault: "64 KiB a subscriber taken and never freed" };
  const injected = tried.injected.grownBytes / tried.scenario.subscribers;
  const of = lessSound(plain, tried);
  return [
    within(head, { metric: "server memory a connection", unit: "B", injected, reported: grown("server"), allowed: 0.1 * injected }, of),
    within(
      { ...head, fault: "32 KiB a subscriber taken by the generator itself" },
      {
        metric: "generator memory a connection",
        unit: "B",
        injected: HOARDED_BYTES,
        reported: grown("generator"),
        allowed: 0.1 * HOARDED_BYTES,
      },
      of,
    ),
    ...(bench.transport.name.endsWith("-http2")
      ? []
      : [exactly(head, "server_fds_per_connection", "", 1, tried.measurement.metrics["server_fds_per_connection"], of)]),
  ];
};
