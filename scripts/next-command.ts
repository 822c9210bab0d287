/** The command that a run suggests to go on with. */
import type { RunResult } from "../load/run.ts";
import { invocation } from "./invocation.ts";
import { shellWord } from "./shell-word.ts";
import type { SuiteChoice } from "./suite-choice.ts";

/** A run's arguments that another run of the same is given too: all but where its results go, and how they are printed. */
export interface RunArguments extends SuiteChoice {
  /** Name or path of the suite, as typed. */
  readonly suite: string;
  readonly strict?: boolean;
}

/** Trials of a cell that give intervals (METHOD R10). */
const ENOUGH_TRIALS = 6;

/** The same again with enough trials, or the same again where something stayed undone; the charts as files where all is there. */
export function nextCommand({ directory, record, measurements }: RunResult, { suite, server, trials, seed, strict }: RunArguments): string {
  const complete = record.status === "complete";
  const enough = measurements.some(({ trial }) => trial.repetition >= ENOUGH_TRIALS);
  if (complete && enough) return [invocation(), "report", directory, "--charts", "svg", `${directory}/charts`].map(asTyped).join(" ");
  const repeated = complete ? ENOUGH_TRIALS : trials;
  const words = [
    suite,
    ...(server === undefined ? [] : ["--server", server.join(",")]),
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...(strict === true ? ["--strict"] : []),
    ...(repeated === undefined ? [] : ["--trials", String(repeated)]),
  ];
  return [invocation(), "run", ...words].map(asTyped).join(" ");
}

/** The first is a command of several words already. */
function asTyped(word: string, index: number): string {
  return index === 0 ? word : shellWord(word);
}
