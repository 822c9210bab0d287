/** The history for programs: every series with its points and changes, values in the catalogue's units. */
import { METRICS } from "../../load/metric.ts";
import type { Series } from "../series.ts";
import type { Trend, TrendChange } from "../trend.ts";

export interface HistoryDocument {
  readonly schemaVersion: 1;
  readonly file: string;
  /** Lines that were skipped. */
  readonly problems: readonly string[];
  readonly series: readonly (Omit<Series, "points"> & { readonly metrics: Readonly<Record<string, MetricTrend>> })[];
}

export interface MetricTrend {
  readonly unit: string;
  readonly points: Trend["points"];
  readonly changes: readonly (Omit<TrendChange, "before" | "after"> & {
    /** Commits, or where there are none the times of the runs. */
    readonly before: string;
    readonly after: string;
  })[];
}

/** Changes name their points by `index`; `before` and `after` are whole commits. */
export function historyDocument(file: string, problems: readonly string[], trends: readonly Trend[]): HistoryDocument {
  const series = [...new Set(trends.map((trend) => trend.series))].map((one) => {
    const { points: _points, ...own } = one;
    const its = trends.filter((trend) => trend.series === one);
    return { ...own, metrics: Object.fromEntries(its.map((trend) => [trend.metric.name, metricTrend(trend)])) };
  });
  return { schemaVersion: 1, file, problems, series };
}

function metricTrend({ metric, points, changes }: Trend): MetricTrend {
  const place = ({ commit, at }: Trend["points"][number]): string => commit?.id ?? at;
  return {
    unit: METRICS.get(metric.name)!.unit,
    points,
    changes: changes.map(({ before, after, ...change }) => ({ ...change, before: place(before), after: place(after) })),
  };
}
