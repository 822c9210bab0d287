/** What a comparison comes to, in sentences: the same in every output. */
import { changeText, intervalText, sideText } from "./change-text.ts";
import type { Change, ComparedCell, Comparison, RunName } from "./comparison.ts";
import { counted } from "./figure-text.ts";
import { listed } from "./listed.ts";
import type { CellName, RunDifferences } from "./run-differences.ts";
import { cellLabel, changesOf } from "./shown-changes.ts";
import type { CellChange } from "./shown-changes.ts";

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

/** What forbids to compare, or ought to be known before; the machine first. */
export function differenceTexts({ differences }: Comparison): string[] {
  const { environment, runs, onlyBase, onlyHead, invalid } = differences;
  return [
    ...(environment.length === 0
      ? []
      : [`Not measured in the same place: ${environment.join("; ")}. No verdict here can tell that from a change.`]),
    ...runs.map((text) => `Not the same: ${text}.`),
    ...refusedTexts(differences),
    ...(onlyBase.length === 0 ? [] : [`Only in base: ${cellNames(onlyBase)}.`]),
    ...(onlyHead.length === 0 ? [] : [`Only in head: ${cellNames(onlyHead)}.`]),
    ...invalid.map((cell) => `${cellNames([cell])} is invalid in ${cell.run}: ${cell.message}.`),
  ];
}

/** A suite that was changed differs in the same way on all of its cells, which is said once. */
function refusedTexts({ refused }: RunDifferences): string[] {
  const ways = [...new Set(refused.map((cell) => cell.differences.join("; ")))];
  return ways.map((way) => {
    const cells = refused.filter((cell) => cell.differences.join("; ") === way);
    const verb = cells.length === 1 ? "is not compared, for its" : "are not compared, for their";
    return `${cellNames(cells)} ${verb} workload differs: ${way}.`;
  });
}

function cellNames(cells: readonly CellName[]): string {
  return listed(cells.map(({ server, scenario }) => `${server} · ${scenario}`));
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
