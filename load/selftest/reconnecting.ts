import type { Scenario } from "../suite.ts";
import type { Experiment } from "./experiment.ts";
import { exactly } from "./row.ts";
import type { Row } from "./row.ts";

/** So that all are back before they are cut off again, and before the end. */
const WORKLOAD = { rate: "100/s", duration: "2s", drain: "300ms", reconnectDelay: "200ms" } as const;
const CUT = { kind: "cut", at: 100, every: 100 } as const;
const LOSE = { kind: "lose", at: 70, every: 100 } as const;

/** Everybody is cut off again and again, and comes back: without a cursor, and with one. Beside it the server loses messages of its own. */
export const reconnecting: Experiment = async (bench) => {
  if (!bench.holds) return [];
  const rows: Row[] = [];
  for (const reconnect of ["fresh", "resume"] as const satisfies readonly Scenario["reconnect"][]) {
    const { measurement, injected, scenario } = await bench.trial({ workload: { ...WORKLOAD, reconnect }, faults: [CUT, LOSE] });
    const { whole } = measurement.ledger;
    const how = reconnect === "fresh" ? "from then on" : "with what was missed";
    const head = { server: bench.server, fault: `everybody cut off and back, ${how}; one in 100 lost` };
    const row = (metric: string, expected: number, reported: number | undefined): Row =>
      exactly(head, metric, "", expected, reported, measurement);
    const lost = injected.miscounted.lose * scenario.subscribers + (reconnect === "fresh" ? injected.missed : 0);
    rows.push(
      row("reconnects", injected.cut, measurement.metrics["reconnects"]),
      row("messages_lost", lost, whole.lost),
      row("messages_duplicated", 0, whole.duplicated),
      row("messages_delivered", injected.messages * scenario.subscribers - lost, whole.delivered),
    );
  }
  return rows;
};
