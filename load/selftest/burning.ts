import type { Tried } from "./bench.ts";
import { lessSound } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";
import { within } from "./row.ts";

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
