/** The changes that a table shows, by metric, and what it says of each. */
import { bandText } from "./change-text.ts";
import { headlineRank } from "./comparison.ts";
import type { Change, ComparedCell, Comparison } from "./comparison.ts";

/** A change with the cell it was seen on. */
export interface CellChange {
  readonly cell: ComparedCell;
  readonly change: Change;
}

/** One metric over the cells. */
export interface MetricChanges {
  readonly metric: string;
  readonly unit: string;
  readonly better: Change["better"];
  readonly band: number;
  readonly rows: readonly CellChange[];
  /** Cells in which it was 0 in both runs: counts of what did not happen, which need no row each. */
  readonly none: number;
}

/** All of them, cell by cell. */
export function changesOf(cells: readonly ComparedCell[]): CellChange[] {
  return cells.flatMap((cell) => cell.changes.map((change) => ({ cell, change })));
}

/** Its server, and the scenario where there are several. */
export function cellLabel({ server, scenario }: ComparedCell, cells: readonly ComparedCell[]): string {
  return cells.every((cell) => cell.scenario === scenario) ? server : `${server} · ${scenario}`;
}

/** What a table shows: the headline metrics and whatever is worse or better, or `all`. */
export function shownChanges({ cells }: Comparison, all = false): MetricChanges[] {
  const byMetric = new Map<string, CellChange[]>();
  for (const each of changesOf(cells)) byMetric.set(each.change.metric, [...(byMetric.get(each.change.metric) ?? []), each]);
  const groups = [...byMetric].map(([metric, changes]): MetricChanges => {
    const { unit, better, band } = changes[0]!.change;
    const shown = changes.filter(({ change }) => all || change.headline || change.verdict === "worse" || change.verdict === "better");
    const rows = shown.filter(({ change }) => !isNone(change));
    return { metric, unit, better, band, rows, none: shown.length - rows.length };
  });
  return groups
    .filter(({ rows, none }) => rows.length + none > 0)
    .toSorted((a, b) => headlineRank(a.metric) - headlineRank(b.metric) || a.metric.localeCompare(b.metric));
}

function isNone({ base, head, verdict }: Change): boolean {
  return verdict === "same" && base?.values.every((value) => value === 0) === true && head?.values.every((value) => value === 0) === true;
}

/** `messages_lost: 0 in both runs, in 3 cells`. */
export function noneText({ metric, none }: MetricChanges): string {
  return `${metric}: 0 in both runs${none > 1 ? `, in ${none} cells` : ""}`;
}

/** `lower is better; no change: −2.9 % to +3.0 %`. */
export function metricNote({ better, band }: MetricChanges): string {
  return `${better} is better; no change: ${bandText(band)}`;
}

/** Changes that no table shows by itself. */
export function hiddenCount(comparison: Comparison): number {
  const shown = shownChanges(comparison).reduce((sum, { rows, none }) => sum + rows.length + none, 0);
  return changesOf(comparison.cells).length - shown;
}
