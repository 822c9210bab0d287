/** How late the publisher sent, against the lag that validity allows. */
import type { TopLevelSpec } from "vega-lite";
import { figureText } from "../figure-text.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rangeRows } from "./range-rows.ts";
import type { RangeRow } from "./range-rows.ts";

/** Lag p99 that is always allowed; for latencies above 20 ms it is 5 % of their p99 (METHOD R6). */
const ALLOWED_LAG_MS = 1;

export const publishLag: Chart = {
  name: "publish-lag",
  draw(data) {
    const rows = publishLagRows(data);
    if (rows.length === 0) return undefined;
    return { caption: publishLagCaption(rows), spec: publishLagSpec(rows), table: table(rows) };
  },
};

export function publishLagRows({ servers }: ScenarioData): RangeRow[] {
  return servers.flatMap(({ look, cell }): RangeRow[] => {
    const [p50, p99] = [cell.metrics["publish_lag_ms.p50"], cell.metrics["publish_lag_ms.p99"]];
    if (p99 === undefined || p99.median <= 0) return [];
    const median = p50 === undefined || p50.median <= 0 ? {} : { p50: p50.median };
    return [{ look, valid: cell.validity.valid, ...median, p99: p99.median, label: figureText(p99).value }];
  });
}

export function publishLagSpec(rows: readonly RangeRow[]): TopLevelSpec {
  return rangeRows(rows, "publish lag, ms (log): tick p50, mark p99", { value: ALLOWED_LAG_MS, label: "1 ms is always allowed" });
}

export function publishLagCaption(rows: readonly RangeRow[]): string {
  const worst = rows.toSorted((a, b) => (b.p99 ?? 0) - (a.p99 ?? 0))[0];
  if (worst?.p99 === undefined) return "How late the publisher sent.";
  const judged = worst.p99 <= ALLOWED_LAG_MS ? "within the 1 ms that is always allowed" : "above 1 ms: allowed only where it is below 5 % of the reported p99";
  return `The schedule slipped most under ${worst.look.server}: lag p99 ${worst.label} ms, ${judged}.`;
}

function table(rows: readonly RangeRow[]): DataTable {
  return { header: ["server", "lag p50 ms", "lag p99 ms"], rows: rows.map(({ look, p50, p99 }) => [look.server, p50, p99]) };
}
