/** Trends in words. */
import { figureText } from "./figure-text.ts";
import { listed } from "./listed.ts";
import type { Trend, TrendChange, TrendMetric, TrendPoint } from "./trend.ts";

/** Where in time a point stands: `abc1234`, `abc1234+dirty`, or when its run began. */
export function placeText({ at, commit }: TrendPoint): string {
  return commit === undefined ? timeText(at) : `${commit.id.slice(0, 7)}${commit.dirty ? "+dirty" : ""}`;
}

/** `2026-01-02 03:04`, UTC. */
export function timeText(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

/** `abc1234 → def5678`; within one commit it was not the code, and the times of the runs tell more. */
export function placesText({ before, after }: TrendChange): string {
  const [from, to] = [placeText(before), placeText(after)];
  return from === to ? `within ${from}, ${timeText(before.at)} → ${timeText(after.at)}` : `${from} → ${to}`;
}

/** `+6.1 %`. */
export function changeText({ change }: TrendChange): string {
  return `${signed(change.value, decimalsOf(change))} %`;
}

/** `+6.1 % (+5.2 to +7.0)`. */
export function intervalText({ change }: TrendChange): string {
  const decimals = decimalsOf(change);
  return `${signed(change.value, decimals)} % (${signed(change.low, decimals)} to ${signed(change.high, decimals)})`;
}

/** In the metric's unit, without it. */
export function valueText(point: TrendPoint, { divisor }: TrendMetric): string {
  return figureText({ ...point, interval: "none" }, divisor).value;
}

/** `sse-node's CPU a delivery rose 6.1 % at abc1234`; the newest of several is told, with their number. */
export function trendFinding({ series, metric, changes }: Trend): string {
  const newest = changes.at(-1);
  const subject = `${series.server}'s ${metric.label}`;
  if (newest === undefined) return `${subject} did not change`;
  const { value } = newest.change;
  const share = percent(Math.abs(value), decimalsOf(newest.change));
  const others = changes.length === 1 ? "" : `, its last of ${changes.length} changes`;
  return `${subject} ${value > 0 ? "rose" : "fell"} ${share} % at ${placeText(newest.after)}${others}`;
}

/** Of several servers' trends of one figure: the newest changes first, at most three; then who did not change. */
export function trendsFinding(trends: readonly Trend[]): string {
  const changed = trends
    .filter(({ changes }) => changes.length > 0)
    .toSorted((a, b) => (a.changes.at(-1)!.after.at < b.changes.at(-1)!.after.at ? 1 : -1));
  const still = trends.filter(({ changes }) => changes.length === 0);
  const told = changed.slice(0, 3).map(trendFinding);
  if (changed.length > told.length) told.push(`${changed.length - told.length} more changed`);
  if (changed.length === 0) return `No change in ${trends[0]!.metric.label} with ${listed(still.map(({ series }) => series.server))}.`;
  if (still.length > 0) told.push(`no change with ${listed(still.map(({ series }) => series.server))}`);
  return `${told.join("; ")}.`;
}

/** Tenths of a percent where the interval bears them out. */
function decimalsOf({ low, high }: TrendChange["change"]): 0 | 1 {
  return high - low < 0.03 ? 1 : 0;
}

function signed(share: number, decimals: 0 | 1): string {
  return `${share < 0 ? "−" : "+"}${percent(Math.abs(share), decimals)}`;
}

function percent(share: number, decimals: 0 | 1): string {
  return (share * 100).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
