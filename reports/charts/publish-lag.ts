/** How late the publisher sent, against the lag that validity allows. */
import type { TopLevelSpec } from "vega-lite";
import { decodeHistogram } from "../../load/hdr.ts";
import type { Histogram } from "../../load/histogram.ts";
import { counted, plainNumber } from "../figure-text.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rangeRows } from "./range-rows.ts";
import type { RangeRow } from "./range-rows.ts";

/** Lag p99 that is always allowed; for latencies above 20 ms it is 5 % of their p99 (METHOD R6). */
const ALLOWED_LAG_MS = 1;
/** A p99 of fewer has not ten values beyond it (METHOD R9): it is judged all the same, and says of how many it is. */
const MESSAGES_FOR_P99 = 1_000;

export const publishLag: Chart = {
  name: "publish-lag",
  draw(data) {
    const rows = publishLagRows(data);
    if (rows.length === 0) return undefined;
    return { caption: publishLagCaption(rows), spec: publishLagSpec(rows), table: table(rows) };
  },
};

export interface LagRow extends RangeRow {
  readonly p99: number;
  /** Messages that the percentiles are of. */
  readonly messages: number;
}

/** The trial of each server that was sent the latest, for one late trial makes a cell invalid; from the histogram, as it is judged. */
export function publishLagRows({ servers }: ScenarioData): LagRow[] {
  return servers.flatMap(({ look, cell, complete }): LagRow[] => {
    const trials = complete.flatMap(({ histograms: { publish_lag: lag } }) => (lag === undefined ? [] : decodeHistogram(lag)));
    const [latest] = trials.toSorted((a, b) => msAt(b, 0.99) - msAt(a, 0.99));
    // A logarithmic axis cannot show 0.
    if (latest === undefined || msAt(latest, 0.5) <= 0) return [];
    const p99 = msAt(latest, 0.99);
    const few = latest.count < MESSAGES_FOR_P99;
    const label = plainNumber(p99) + (few ? ` from ${counted(latest.count, "message")}` : "");
    return [{ look, valid: cell.validity.valid, label, p50: msAt(latest, 0.5), p95: msAt(latest, 0.95), p99, messages: latest.count }];
  });
}

export function publishLagSpec(rows: readonly LagRow[]): TopLevelSpec {
  return rangeRows(rows, "publish lag of the latest trial, ms (log): thick tick p50, thin tick p95, mark p99", {
    value: ALLOWED_LAG_MS,
    label: "1 ms is always allowed",
  });
}

export function publishLagCaption(rows: readonly LagRow[]): string {
  const [worst] = rows.toSorted((a, b) => b.p99 - a.p99);
  if (worst === undefined) return "How late the publisher sent.";
  const judged =
    worst.p99 <= ALLOWED_LAG_MS
      ? "within the 1 ms that is always allowed"
      : "above 1 ms: allowed only where it is below 5 % of the reported p99";
  const few = worst.messages < MESSAGES_FOR_P99 ? ` from ${counted(worst.messages, "message")}` : "";
  return `The schedule slipped most under ${worst.look.server}: lag p99 ${plainNumber(worst.p99)} ms${few}, ${judged}.`;
}

function table(rows: readonly LagRow[]): DataTable {
  return {
    header: ["server", "lag p50 ms", "lag p95 ms", "lag p99 ms", "messages"],
    rows: rows.map(({ look, p50, p95, p99, messages }) => [look.server, p50, p95, p99, messages]),
  };
}

function msAt(histogram: Histogram, q: number): number {
  return (histogram.quantile(q) ?? 0) / 1e6;
}
