/** What a gate found, a line a check, for spreadsheets and scripts (RFC 4180). */
import type { GateCheck, GateReport } from "../gate-report.ts";
import { fullFinding } from "../gate-text.ts";
import { csvField } from "./csv-field.ts";

const COLUMNS = [
  "server",
  "scenario",
  "metric",
  "unit",
  "verdict",
  "kind",
  "base",
  "head",
  "change",
  "change_low",
  "change_high",
  "p",
  "p_wilcoxon",
  "rounds",
  "delta",
  "limit",
  "accepted",
  "finding",
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>>;

/** Lines end as RFC 4180 has it; changes are shares, 0.1 for 10 %; what there is not is empty. */
export function formatGateCsv({ checks }: GateReport): string {
  const rows = checks.map(rowOf).map((row) => COLUMNS.map((column) => csvField(row[column])));
  return [COLUMNS, ...rows].map((fields) => `${fields.join(",")}\r\n`).join("");
}

function rowOf(check: GateCheck): Row {
  const { server, scenario, metric, unit, verdict, evidence, accepted } = check;
  const common = { server, scenario, metric, unit, verdict, kind: evidence.kind, accepted: accepted?.reason, finding: fullFinding(check) };
  switch (evidence.kind) {
    case "ratio": {
      const { base, head, change, p, pWilcoxon, rounds, delta, limit } = evidence;
      const bounds = { change: change?.estimate, change_low: change?.low, change_high: change?.high };
      return { ...common, base, head, ...bounds, p, p_wilcoxon: pWilcoxon, rounds, delta, limit };
    }
    case "count": {
      const { base, head, p, rounds } = evidence;
      return { ...common, base, head, p, rounds };
    }
    case "rounds":
      return { ...common, base: evidence.failed.base, head: evidence.failed.head, rounds: evidence.completed };
    case "threshold":
      return { ...common, head: evidence.result.values.join(" "), limit: evidence.result.limit };
  }
}
