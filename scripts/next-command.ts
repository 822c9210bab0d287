/** The command that a run suggests to go on with. */
import type { RunResult } from "../load/run.ts";
import type { HistoryChoice } from "./history-option.ts";
import { invocation } from "./invocation.ts";
import { shellWord } from "./shell-word.ts";
import type { SuiteChoice } from "./suite-choice.ts";

/** A run's arguments that another run of the same is given too: all but where its results go, and how they are printed. */
export interface RunArguments extends SuiteChoice, HistoryChoice {
  /** Name or path of the suite, as typed; absent where a saved run was gone on with. */
  readonly suite?: string;
  readonly strict?: boolean;
}

/** Trials of a cell that give intervals (METHOD R10). */
const ENOUGH_TRIALS = 6;

/** To go on where something stayed undone; the same again with enough trials; the charts as files where all is there. */
export function nextCommand(
  { directory, record, measurements }: RunResult,
  { suite, server, trials, seed, strict, history }: RunArguments,
): string {
  const alike = [
    ...(strict === true ? ["--strict"] : []),
    ...(history === undefined ? [] : history === false ? ["--no-history"] : ["--history", history]),
  ];
  if (record.status !== "complete" && record.plannedTrials > 0) return typed("run", "--resume", directory, ...alike);
  const enough = measurements.some(({ trial }) => trial.repetition >= ENOUGH_TRIALS);
  if (suite === undefined || enough) return typed("report", directory, "--charts", "svg", `${directory}/charts`);
  const repeated = record.status === "complete" ? ENOUGH_TRIALS : trials;
  return typed(
    "run",
    suite,
    ...(server === undefined ? [] : ["--server", server.join(",")]),
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...alike,
    ...(repeated === undefined ? [] : ["--trials", String(repeated)]),
  );
}

function typed(...words: readonly string[]): string {
  return [invocation(), ...words.map(shellWord)].join(" ");
}
