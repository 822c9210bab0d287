/** A run from its suite to what it came to. */
import { readHistory } from "../../load/history.ts";
import type { HistoryPoint } from "../../load/history-record.ts";
import { present } from "../../load/present.ts";
import type { SavedRun } from "../../load/results.ts";
import type { RunEvent, Watch } from "../../load/run.ts";
import { readStoppedRun } from "../../load/stopped-run.ts";
import type { StoppedRun } from "../../load/stopped-run.ts";
import type { Suite } from "../../load/suite.ts";
import type { Summary } from "../../reports/summary.ts";
import { chooseRunFolder } from "../run-folder.ts";
import { chooseSuite } from "./suite.ts";
import type { SuiteOverrides, SuiteSource } from "./suite.ts";
import { watching } from "./watching.ts";

/** How a run is watched, stopped and kept. */
export interface WatchOptions {
  /** Aborting it ends the trial within 5 s; what is finished stays, and the run is `partial`. */
  readonly signal?: AbortSignal;
  /** Told as the run goes on; where it throws, the run is stopped in order and throws the same. */
  readonly onEvent?: (event: RunEvent) => void;
  /** File that a complete run is added to, a line a cell; none unless given. */
  readonly history?: string | false;
}

export interface RunOptions extends SuiteOverrides, WatchOptions {
  /** Empty or absent folder for the results; `results/<utc>-<suite>` unless given. */
  readonly directory?: string;
  /** What the record says that the run was asked for by; the call unless given. */
  readonly command?: string;
}

/** A run with what it came to: as it was saved, the summary of it, and the history that it stands in. */
export interface RunOutcome extends SavedRun {
  readonly summary: Summary;
  /** What the history has, this run included; empty where there is none. */
  readonly history: readonly HistoryPoint[];
  /** What became of the run in the history, and what is wrong with that. */
  readonly remarks: readonly string[];
}

/** A run that is ready to begin. */
export interface RunRequest {
  readonly suite: Suite;
  readonly directory: string;
  readonly command: string;
  readonly history: string | false;
}

/** A stopped run that is ready to go on. */
export interface ResumeRequest {
  readonly stopped: StoppedRun;
  /** Nothing of it is left to be done. */
  readonly isComplete: boolean;
  readonly history: string | false;
}

/**
 * Loads every server of a suite, measures, and saves trial after trial in a folder; `report` makes the pages of it. Resolves also where trials
 * failed, or where it was stopped: `record.status` says so. Throws `SuiteError` and `UsageError` for what cannot be run, before anything is begun;
 * `SaveError` where results cannot be saved; and the signal's reason where it was aborted before the run began.
 */
export async function run(suite: SuiteSource, options: RunOptions = {}): Promise<RunOutcome> {
  return watching(options.signal, async ({ signal, heard }) => {
    const request = await prepareRun(suite, options);
    return runPrepared(request, { signal, onEvent: heard(options.onEvent) });
  });
}

/** Goes on with a run that was stopped: the trials that are complete are kept, the others made. Throws as {@link run} does. */
export async function resume(directory: string, options: WatchOptions = {}): Promise<RunOutcome> {
  return watching(options.signal, async ({ signal, heard }) => {
    const request = await prepareResume(directory, options.history);
    return resumePrepared(request, { signal, onEvent: heard(options.onEvent) });
  });
}

/** Checks all that can be checked before the load. Throws as {@link run} does. */
export async function prepareRun(source: SuiteSource, options: RunOptions): Promise<RunRequest> {
  const { servers, trials, seed, directory, history = false } = options;
  await mustBeHistory(history);
  const suite = await chooseSuite(source, options);
  const named = JSON.stringify(typeof source === "string" ? source : suite.name);
  const given = Object.entries(present({ servers, trials, seed }));
  return {
    suite,
    directory: await chooseRunFolder(directory, suite.name, new Date()),
    command: options.command ?? `run(${[named, ...(given.length === 0 ? [] : [JSON.stringify(Object.fromEntries(given))])].join(", ")})`,
    history,
  };
}

/** Throws as {@link run} does. */
export async function runPrepared({ history, ...request }: RunRequest, watch: Watch): Promise<RunOutcome> {
  // Loaded here, so that nobody who only reads a suite waits for it.
  const { run: runSuite } = await import("../../load/run.ts");
  return outcomeOf(await runSuite({ ...request, ...watch }), history);
}

/** Reads what is left of a run. Throws `UsageError` where the folder holds none, or one that cannot go on here. */
export async function prepareResume(directory: string, history: string | false = false): Promise<ResumeRequest> {
  await mustBeHistory(history);
  const stopped = await readStoppedRun(directory);
  const { record, plans, kept } = stopped;
  return { stopped, history, isComplete: record.status === "complete" && kept.length === plans.length };
}

/** One that is complete is given as it is. Throws as {@link run} does. */
export async function resumePrepared({ stopped, isComplete, history }: ResumeRequest, watch: Watch): Promise<RunOutcome> {
  if (isComplete) return outcomeOf({ directory: stopped.directory, record: stopped.record, measurements: stopped.kept }, history);
  const { resumeRun } = await import("../../load/run.ts");
  return outcomeOf(await resumeRun(stopped, watch), history);
}

/** A file that is none is told before the load, not after it. */
async function mustBeHistory(file: string | false): Promise<void> {
  if (file !== false) await readHistory(file);
}

async function outcomeOf(saved: SavedRun, history: string | false): Promise<RunOutcome> {
  // Nothing of the reports may be in memory while the load runs.
  const [{ keptHistory }, { summarize }] = await Promise.all([import("../keep-history.ts"), import("../../reports/summary.ts")]);
  const remarks: string[] = [];
  const points = history === false ? [] : await keptHistory(saved, { history }, (remark) => remarks.push(remark));
  return { ...saved, summary: summarize(saved.record, saved.measurements), history: points, remarks };
}
