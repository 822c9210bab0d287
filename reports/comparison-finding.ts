/** What a comparison comes to, in sentences: the same in every output. */
import { bandText, changeText, intervalText, sideText } from "./change-text.ts";
import { headlineRank } from "./comparison.ts";
import type { Change, ComparedCell, Comparison, RunName } from "./comparison.ts";
import { counted } from "./figure-text.ts";

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

/** How many of the changes a person is told of by name. */
const TOLD = 3;

/** `2 worse, 1 better, 14 the same, 31 unsure, of 48 comparisons`, and then the worst and the best of them. */
export function comparisonFinding({ cells }: Pick<Comparison, "cells">): string {
  const all = changesOf(cells);
  if (cells.length === 0) return "No cell can be compared";
  const of = (verdict: Change["verdict"]): CellChange[] => all.filter(({ change }) => change.verdict === verdict);
  const [worse, better] = [of("worse"), of("better")];
  const counts = `${worse.length} worse, ${better.length} better, ${of("same").length} the same, ${of("unsure").length} unsure (~), of ${counted(all.length, "comparison")}`;
  return [counts, ...told("Worse", worse, cells), ...told("Better", better, cells)].join(". ");
}

function told(word: string, changes: readonly CellChange[], cells: readonly ComparedCell[]): string[] {
  if (changes.length === 0) return [];
  const first = changes.toSorted((a, b) => rank(a) - rank(b)).slice(0, TOLD);
  const texts = first.map(({ cell, change }) => {
    const interval = intervalText(change);
    const text = change.ratio === undefined ? `from ${sideText(change.base)} to ${sideText(change.head)}` : changeText(change);
    return `${cellLabel(cell, cells)} ${change.metric} ${text}${interval === "" ? "" : ` (${interval})`}`;
  });
  const more = changes.length - first.length;
  return [`${word}: ${texts.join("; ")}${more > 0 ? `; and ${more} more` : ""}`];
}

/** Headline metrics first, then the largest changes. */
function rank({ change: { headline, ratio } }: CellChange): number {
  const size = ratio === undefined || ratio.value === 0 ? Infinity : Math.abs(Math.log(ratio.value));
  return (headline ? 0 : 1) + 1 / (2 + size);
}

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

/** What forbids to compare, or ought to be known before; the machine first. */
export function differenceTexts({ differences }: Comparison): string[] {
  const { environment, runs, refused, onlyBase, onlyHead, invalid } = differences;
  const cells = (names: readonly { readonly server: string; readonly scenario: string }[]) =>
    names.map(({ server, scenario }) => `${server} · ${scenario}`).join(", ");
  return [
    ...(environment.length === 0
      ? []
      : [`Not measured in the same place: ${environment.join("; ")}. No verdict here can tell that from a change.`]),
    ...runs.map((text) => `Not the same: ${text}.`),
    ...refused.map((cell) => `${cells([cell])} is not compared, for its workload differs: ${cell.differences.join("; ")}.`),
    ...(onlyBase.length === 0 ? [] : [`Only in base: ${cells(onlyBase)}.`]),
    ...(onlyHead.length === 0 ? [] : [`Only in head: ${cells(onlyHead)}.`]),
    ...invalid.map((cell) => `${cells([cell])} is invalid in ${cell.run}: ${cell.message}.`),
  ];
}

/** What no interval of two saved runs contains. */
export const DRIFT_NOTE =
  "The runs were made at different times: they differ by the machine's drift as well, which no interval here contains. " +
  "Against a stored baseline 38.8 % of unchanged versions were called worse; pushbench gate measures both versions side by side.";

/** How verdicts are found. */
export function ruleNote({ rule }: Comparison): string {
  const { headline, others } = rule.tests;
  const family = (count: number, what: string): string => `${counted(count, "test")} of ${what}`;
  return (
    "Ratios with 95 % intervals by Welch's t on the logarithms, counts by their exact odds. Worse and better: wholly outside the no-change " +
    `band, by Holm's method at ${rule.familyWiseError * 100} % over the ${family(headline, "the headline metrics")} and, apart from them, the ` +
    `${family(others, "all others")}. Same: wholly within the band. ~: neither.`
  );
}

/** `quick, 2026-01-02 03:04 UTC, commit abc`. */
export function runText({ suite, startedAt, git }: RunName): string {
  return `${suite}, ${startedAt.slice(0, 16).replace("T", " ")} UTC${git === undefined ? "" : `, commit ${git}`}`;
}
