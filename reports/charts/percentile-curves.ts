/** The latency at every percentile, drawn so that each further nine takes the same width. */
import type { TopLevelSpec } from "vega-lite";
import type { Histogram } from "../../load/histogram.ts";
import { factorText, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { logScale } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { wholeLatency } from "./whole-latency.ts";

/** Points a nine. */
const RESOLUTION = 20;
const SERVERS_IN_ONE_PANEL = 6;
/** Nines on the axis of a small panel up to which its first two labels stand clear of each other. */
const NINES_WITH_MINIMUM = 2.4;
const TABLE_PERCENTILES = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999];

export const percentileCurves: Chart = {
  name: "percentile-curves",
  draw(data) {
    const curves = percentileCurvesOf(data);
    if (curves.length === 0) return undefined;
    return { caption: percentileCaption(curves), spec: percentileSpec(curves), table: table(curves) };
  },
};

export interface Curve extends Line {
  /** Over all complete trials, merged. */
  readonly histogram: Histogram;
  readonly valid: boolean;
}

/** `x` in nines: −log10(1 − q), so 1 is p90 and 3 is p99.9; up to where ten values lie beyond (METHOD R9). `y` in ms. */
export function percentileCurvesOf({ servers }: ScenarioData): Curve[] {
  return servers.flatMap(({ look, cell, complete }) => {
    const histogram = wholeLatency(complete);
    const nines = Math.log10(histogram.count / 10);
    if (nines < Math.log10(2)) return [];
    const points: [number, number][] = [];
    for (let x = 0; x < nines; x += 1 / RESOLUTION) points.push([x, msAt(histogram, x)]);
    points.push([nines, msAt(histogram, nines)]);
    return [{ look, histogram, valid: cell.validity.valid, points }];
  });
}

export function percentileSpec(curves: readonly Curve[]): TopLevelSpec {
  const most = Math.max(...curves.flatMap(({ points }) => points.map(([x]) => x)));
  const arrangement = curves.length <= SERVERS_IN_ONE_PANEL ? "together" : "family";
  const from = arrangement === "family" && most > NINES_WITH_MINIMUM ? Math.log10(2) : 0;
  const ticks = [0, Math.log10(2), 1, 2, 3, 4, 5, 6].filter((tick) => tick >= from && tick <= most + 0.01);
  const x: Scale = { type: "linear", domain: [0, most], ticks };
  const labelExpr = "datum.value === 0 ? 'min' : datum.value < 0.9 ? 'p50' : 'p' + format(100 * (1 - pow(10, -datum.value)), '~r')";
  return linePanels({
    lines: curves,
    arrangement,
    x: { title: "percentile", scale: x, labelExpr },
    y: { title: "delivery latency, ms (log)", scale: logScale(curves.flatMap(({ points }) => points.map(([, y]) => y))) },
  });
}

export function percentileCaption(curves: readonly Curve[]): string {
  const valid = curves.filter((curve) => curve.valid);
  if (valid.length === 0) return NO_VALID_CELL;
  const tails = valid.flatMap(({ look, histogram }) => {
    const p50 = histogram.quantile(0.5);
    const p99 = histogram.count >= 1000 ? histogram.quantile(0.99) : undefined;
    return p50 === undefined || p99 === undefined || p50 === 0 ? [] : [{ server: look.server, ratio: p99 / p50 }];
  });
  const sorted = tails.toSorted((a, b) => b.ratio - a.ratio);
  const [longest] = sorted;
  if (longest === undefined) return "Too few deliveries in valid cells to speak of a tail.";
  const ratio = (tail: { readonly ratio: number }) => factorText(tail.ratio).slice(1) || "1";
  const shortest = sorted.at(-1)!;
  if (shortest === longest) return `${longest.server}: its p99 is ${ratio(longest)} times its p50.`;
  return `${longest.server} has the longest tail: its p99 is ${ratio(longest)} times its p50, against ${ratio(shortest)} times for ${shortest.server}.`;
}

function table(curves: readonly Curve[]): DataTable {
  const rows = TABLE_PERCENTILES.filter((q) => curves.some(({ histogram }) => enough(histogram, q))).map((q) => [
    `p${plainPercentile(q)}`,
    ...curves.map(({ histogram }) => (enough(histogram, q) ? (histogram.quantile(q) ?? 0) / 1e6 : undefined)),
  ]);
  return {
    header: ["percentile", ...curves.map(({ look }) => `${look.server} ms`)],
    rows: [...rows, ["deliveries", ...curves.map(({ histogram }) => plainNumber(histogram.count))]],
  };
}

function plainPercentile(q: number): string {
  return String(Number((q * 100).toPrecision(7)));
}

function enough(histogram: Histogram, q: number): boolean {
  return histogram.count * (1 - q) >= 10 - 1e-6;
}

function msAt(histogram: Histogram, nines: number): number {
  return (histogram.quantile(Math.max(1 - 10 ** -nines, 1e-9)) ?? 0) / 1e6;
}
