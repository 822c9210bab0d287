import type { Experiment } from "./experiment.ts";
import { says } from "./row.ts";

/** A generator that cannot keep up must say so. */
export const starved: Experiment = async (bench) => {
  const { measurement } = await bench.trial({
    workload: { rate: "100/s", duration: "2s" },
    sabotage: { busy: { role: "probes", ms: 0.5 } },
  });
  return [says({ server: bench.server, fault: "the probes compute 0.5 ms at each message" }, "probe_saturated", measurement)];
};
