/** How one figure of a cell went from run to run, and where it changed. */
import { HISTORY_METRICS } from "../load/history-record.ts";
import type { HistoryCommit, HistoryFigure, HistoryPoint } from "../load/history-record.ts";
import type { Estimate } from "../load/measurement.ts";
import { METRICS } from "../load/metric.ts";
import { changePoints } from "./change-points.ts";
import { COLUMNS } from "./column.ts";
import { historyPoints } from "./history-points.ts";
import type { RunData } from "./run-data.ts";
import { seriesKey, seriesOf } from "./series.ts";
import type { Series } from "./series.ts";
import type { Summary } from "./summary.ts";

export interface Trend {
  readonly series: Series;
  readonly metric: TrendMetric;
  /** Those of the series that have the figure, above 0. */
  readonly points: readonly TrendPoint[];
  /** In the order of the points; invalid ones have no part in it. */
  readonly changes: readonly TrendChange[];
}

/** A metric as it is shown. */
export interface TrendMetric {
  /** Of the catalogue. */
  readonly name: string;
  /** In a sentence: `CPU a delivery`. */
  readonly label: string;
  readonly unit: string;
  /** What a value is divided by to be in `unit`. */
  readonly divisor: number;
}

export interface TrendPoint extends HistoryFigure {
  /** When its run began, ISO 8601, UTC. */
  readonly at: string;
  readonly run: string;
  readonly commit?: HistoryCommit;
  readonly valid: boolean;
}

export interface TrendChange {
  /** Place among the points of the first of the new level. */
  readonly index: number;
  /** The last valid point of the old level, and the first of the new. */
  readonly before: TrendPoint;
  readonly after: TrendPoint;
  /** By how much, as a share: 0.06 is 6 % more. */
  readonly change: Estimate;
  readonly verdict: "worse" | "better";
}

/** Points of one series from which on there is a trend to draw. */
export const LEAST_TREND = 3;

const LABELS: Readonly<Record<(typeof HISTORY_METRICS)[number], string>> = {
  server_cpu_us_per_delivery: "CPU a delivery",
  "delivery_latency_ms.p50": "p50",
  "delivery_latency_ms.p99": "p99",
  server_uss_bytes: "memory (USS)",
  server_memory_per_connection_bytes: "memory a connection",
  bytes_down_per_delivery: "bytes a delivery",
};

/** In the order of the history's list; a figure that no point has is left out. */
export function trendsOf(series: Series): Trend[] {
  return HISTORY_METRICS.flatMap((name): Trend[] => {
    const points = series.points.flatMap((point) => pointOf(point, name));
    if (points.length === 0) return [];
    return [{ series, metric: shown(name), points, changes: changesOf(points, METRICS.get(name)!.better) }];
  });
}

/** Of the cells of a run, over the history that came with it: those with points enough. */
export function trendsOfRun(run: RunData, summary: Summary): Trend[] {
  const { history = [] } = run;
  const own = new Set(historyPoints(run, summary).map(seriesKey));
  return seriesOf(history)
    .filter((series) => own.has(seriesKey(series)))
    .flatMap(trendsOf)
    .filter(({ points }) => points.length >= LEAST_TREND);
}

/** When it last got worse, ISO 8601; empty where it never did. */
export function lastWorsening({ changes }: Trend): string {
  return changes.findLast(({ verdict }) => verdict === "worse")?.after.at ?? "";
}

function pointOf({ at, run, commit, valid, metrics }: HistoryPoint, name: string): TrendPoint[] {
  const figure = metrics[name];
  if (figure === undefined || !(figure.median > 0)) return [];
  return [{ at, run, valid, ...figure, ...(commit === undefined ? {} : { commit }) }];
}

function changesOf(points: readonly TrendPoint[], better: "lower" | "higher" | "none"): TrendChange[] {
  const valid = points.flatMap((point, index) => (point.valid ? [{ point, index }] : []));
  return changePoints(valid.map(({ point }) => point.median)).map(({ at, change }) => {
    const after = valid[at]!;
    const good = better === "higher" ? change.value > 0 : change.value < 0;
    return { index: after.index, before: valid[at - 1]!.point, after: after.point, change, verdict: good ? "better" : "worse" };
  });
}

/** In the unit that the tables have it in. */
function shown(name: (typeof HISTORY_METRICS)[number]): TrendMetric {
  const label = LABELS[name];
  if (name === "server_cpu_us_per_delivery") return { name, label, unit: METRICS.get(name)!.unit, divisor: 1 };
  const { unit, divisor } = COLUMNS.find(({ metrics }) => metrics.some(([metric]) => metric === name))!;
  return { name, label, unit, divisor };
}
