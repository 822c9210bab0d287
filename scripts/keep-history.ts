/** A run that goes into the history, and the history that goes into its report. */
import { appendToHistory, HISTORY_FILE, readHistory } from "../load/history.ts";
import type { HistoryPoint } from "../load/history-record.ts";
import type { SavedRun } from "../load/results.ts";
import { historyPoints } from "../reports/history-points.ts";
import { summarize } from "../reports/summary.ts";
import type { HistoryChoice } from "./history-option.ts";
import { invocation } from "./invocation.ts";
import { noHistory } from "./no-history.ts";
import { shellWord } from "./shell-word.ts";

/** What became of a run: how many of its cells were added, or why it has no place in a history. */
export type Kept = { readonly added: number; readonly cells: number } | { readonly reason: string };

/** Adds the cells of a complete run that are not in it yet. Throws as `appendToHistory` does. */
export async function keepRun(run: SavedRun, file: string): Promise<Kept> {
  const { record, capacity } = run;
  if (capacity !== undefined) return { reason: "a capacity search tries other loads each time" };
  if (record.status !== "complete") return { reason: `the run is ${record.status}, and only a complete one can be compared` };
  const points = historyPoints(run, summarize(record, run.measurements));
  return { added: await appendToHistory(file, points), cells: points.length };
}

/**
 * At the end of a run: adds it, and gives the history with it. What stands in the way is said by `say` and is no failure of the run, which is
 * saved and can be taken in later.
 */
export async function keptHistory(
  run: SavedRun,
  { history: file = HISTORY_FILE }: HistoryChoice,
  say: (line: string) => void,
): Promise<readonly HistoryPoint[]> {
  if (file === false) return [];
  try {
    const kept = await keepRun(run, file);
    if ("reason" in kept) say(`not added to the history: ${kept.reason}`);
    else if (kept.added > 0) say(`added to the history ${file}: ${kept.added} ${kept.added === 1 ? "cell" : "cells"}`);
    return await readPoints(file, say);
  } catch (error) {
    if (!(error instanceof Error) || !["SaveError", "UsageError"].includes(error.name)) throw error;
    const later = `${invocation()} history import ${shellWord(run.directory)} --history <file>`;
    say(`not added to the history: ${error.message}; to do it later: ${later}`);
    return [];
  }
}

/** For a report that was made before: the file that was named must be there, the usual one may be missing. */
export async function foundHistory({ history: file }: HistoryChoice, say: (line: string) => void): Promise<readonly HistoryPoint[]> {
  if (file === false) return [];
  return readPoints(file ?? HISTORY_FILE, say, file !== undefined);
}

/** The points of a history, with each line that was skipped said; none where there is no file, which `needed` makes a `UsageError`. */
async function readPoints(file: string, say: (line: string) => void, needed = false): Promise<readonly HistoryPoint[]> {
  const found = await readHistory(file);
  if (found === undefined && needed) throw noHistory(file);
  for (const problem of found?.problems ?? []) say(`skipped ${problem}`);
  return found?.points ?? [];
}
