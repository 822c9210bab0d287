/** Which trends of a run a report draws: those that changed before those that did not, as many as a page bears. */
import { HISTORY_METRICS } from "../load/history-record.ts";
import type { RunData } from "./run-data.ts";
import type { Summary } from "./summary.ts";
import { lastWorsening, trendsOfRun } from "./trend.ts";
import type { Trend } from "./trend.ts";

/** A trend of a hundred points takes some 20 kB of a page, its table included. */
export const MOST_DRAWN = 40;

export interface TrendSelection {
  readonly drawn: readonly Trend[];
  /** How many were left out, none of which changed after one that is drawn. */
  readonly left: number;
}

/** In the order that {@link trendsOfRun} has them in; the figure that comes first in the history's list matters most. */
export function selectTrends(run: RunData, summary: Summary, most = MOST_DRAWN): TrendSelection {
  const all = trendsOfRun(run, summary);
  const importance = (trend: Trend): readonly [worse: string, changes: number, metric: number] => [
    lastWorsening(trend),
    trend.changes.length,
    -(HISTORY_METRICS as readonly string[]).indexOf(trend.metric.name),
  ];
  const ranked = all.toSorted((a, b) => {
    const [one, other] = [importance(a), importance(b)];
    const at = one.findIndex((part, i) => part !== other[i]);
    return at < 0 ? 0 : one[at]! < other[at]! ? 1 : -1;
  });
  const chosen = new Set(ranked.slice(0, most));
  return { drawn: all.filter((trend) => chosen.has(trend)), left: all.length - chosen.size };
}
