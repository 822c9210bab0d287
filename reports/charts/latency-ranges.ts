/** p50, p95 and p99 of the delivery latency of every server, on a log axis. */
import type { TopLevelSpec } from "vega-lite";
import { factorText, figureText } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rangeRows } from "./range-rows.ts";
import type { RangeRow } from "./range-rows.ts";

export const latencyRanges: Chart = {
  name: "latency-ranges",
  draw(data) {
    const rows = latencyRangeRows(data);
    if (rows.length === 0) return undefined;
    return { caption: latencyRangeCaption(rows), spec: latencyRangeSpec(rows), table: table(rows) };
  },
};

/** Fastest p99 first; a server without any percentile has no row. */
export function latencyRangeRows({ servers }: ScenarioData): RangeRow[] {
  const rows = servers.flatMap(({ look, cell }): RangeRow[] => {
    const closed = isClosedLoop(cell);
    const valid = cell.validity.valid && !closed;
    const [p50, p95, p99] = [
      cell.metrics["delivery_latency_ms.p50"],
      cell.metrics["delivery_latency_ms.p95"],
      cell.metrics["delivery_latency_ms.p99"],
    ];
    const last = p99 ?? p95 ?? p50;
    if (last === undefined || last.median <= 0) return [];
    const label = `${figureText(last).value}${p99 === undefined ? (p95 === undefined ? " (p50)" : " (p95)") : ""}${closed ? " · closed loop" : valid ? "" : " · invalid"}`;
    return [
      {
        look,
        valid,
        label,
        ...(p50 === undefined ? {} : { p50: p50.median }),
        ...(p95 === undefined ? {} : { p95: p95.median }),
        ...(p99 === undefined ? {} : { p99: p99.median }),
        ...(p99 === undefined || p99.interval === "none" ? {} : { low: p99.low, high: p99.high }),
      },
    ];
  });
  return rows.toSorted((a, b) => (a.p99 ?? Infinity) - (b.p99 ?? Infinity));
}

export function latencyRangeSpec(rows: readonly RangeRow[]): TopLevelSpec {
  return rangeRows(rows, "delivery latency, ms (log): thick tick p50, thin tick p95, mark p99");
}

export function latencyRangeCaption(rows: readonly RangeRow[]): string {
  const ranked = rows.filter((row) => row.valid && row.p99 !== undefined);
  const [best] = ranked;
  const worst = ranked.at(-1);
  if (best === undefined || worst === undefined) return "No valid cell has a p99: what is drawn cannot be ranked.";
  if (best === worst) return `${best.look.server}: p99 ${best.label} ms, the only valid one.`;
  const factor = factorText(worst.p99! / best.p99!);
  const among = `lowest of ${ranked.length}`;
  const gap = factor === "" ? `${worst.look.server} is level with it` : `${worst.look.server} needs ${factor.slice(1)} times as long`;
  const polls = rows.some(({ look }) => look.family === "polling") ? " A poller's latency is mostly the interval it polls at." : "";
  return `${best.look.server}: p99 ${best.label} ms, ${among}; ${gap}.${polls}`;
}

function table(rows: readonly RangeRow[]): DataTable {
  return {
    header: ["server", "p50 ms", "p95 ms", "p99 ms", "p99 from", "p99 to", "valid"],
    rows: rows.map(({ look, p50, p95, p99, low, high, valid }) => [look.server, p50, p95, p99, low, high, valid ? "yes" : "no"]),
  };
}
