import type { Fault, Miscount } from "../../servers/fault.ts";
import type { Experiment } from "./experiment.ts";
import { exactly } from "./row.ts";
import type { Row } from "./row.ts";

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
