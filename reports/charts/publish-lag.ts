/** How late the publisher sent, against the lag that validity allows. */
import type { TopLevelSpec } from "vega-lite";
import { figureText } from "../figure-text.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import type { MetricSummary } from "../summary.ts";
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
    const [p50, p95, p99] = ["p50", "p95", "p99"].map((percentile) => positive(cell.metrics[`publish_lag_ms.${percentile}`]));
    const last = p99 ?? p95;
    if (last === undefined) return [];
    return [
      {
        look,
        valid: cell.validity.valid,
        label: figureText(last).value + (p99 === undefined ? " (p95)" : ""),
        ...(p50 === undefined ? {} : { p50: p50.median }),
        ...(p95 === undefined ? {} : { p95: p95.median }),
        ...(p99 === undefined ? {} : { p99: p99.median }),
      },
    ];
  });
}

export function publishLagSpec(rows: readonly RangeRow[]): TopLevelSpec {
  return rangeRows(rows, "publish lag, ms (log): thick tick p50, thin tick p95, mark p99", {
    value: ALLOWED_LAG_MS,
    label: "1 ms is always allowed",
  });
}

export function publishLagCaption(rows: readonly RangeRow[]): string {
  const lag = ({ p95, p99 }: RangeRow) => p99 ?? p95 ?? 0;
  const worst = rows.toSorted((a, b) => lag(b) - lag(a))[0];
  if (worst === undefined) return "How late the publisher sent.";
  const judged =
    lag(worst) <= ALLOWED_LAG_MS
      ? "within the 1 ms that is always allowed"
      : "above 1 ms: allowed only where it is below 5 % of the reported p99";
  return `The schedule slipped most under ${worst.look.server}: lag ${worst.p99 === undefined ? "p95" : "p99"} ${worst.label.split(" ")[0]} ms, ${judged}.`;
}

function table(rows: readonly RangeRow[]): DataTable {
  return {
    header: ["server", "lag p50 ms", "lag p95 ms", "lag p99 ms"],
    rows: rows.map(({ look, p50, p95, p99 }) => [look.server, p50, p95, p99]),
  };
}

/** What a logarithmic axis can show. */
function positive(summary: MetricSummary | undefined): MetricSummary | undefined {
  return summary !== undefined && summary.median > 0 ? summary : undefined;
}
