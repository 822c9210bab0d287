import type { Experiment } from "./experiment.ts";
import { exactly, says } from "./row.ts";

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
