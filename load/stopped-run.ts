/** A run that was stopped, read back to be gone on with. */
import { join } from "node:path";
import { loadCatalog } from "../servers/catalog.ts";
import { environmentChanges, readEnvironment } from "./environment.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import { planTrials } from "./plan.ts";
import type { TrialPlan } from "./plan.ts";
import { listTrialFiles, readCapacity, readMeasurement, readRecord, trialFile } from "./results.ts";
import { serverName } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

export interface StoppedRun {
  readonly directory: string;
  readonly record: RunRecord;
  /** Every trial, in the order of the run. */
  readonly plans: readonly TrialPlan[];
  /** Of the trials that are complete. */
  readonly kept: readonly Measurement[];
}

/**
 * Reads what `run.json` asks for and which trials of it are complete; one that failed, was interrupted, or whose file is missing or damaged
 * is not. Throws {@link UsageError} where the folder holds no run, or one that cannot go on here.
 */
export async function readStoppedRun(directory: string): Promise<StoppedRun> {
  const record = await readRecord(directory);
  if ((await readCapacity(directory)) !== undefined) {
    throw new UsageError(`${directory} is a capacity search: go on with it by capacity --resume ${directory}`);
  }
  if (record.suite?.scenarios === undefined) {
    throw new UsageError(`${join(directory, "run.json")} does not hold its suite, for an older pushbench wrote it: begin the run anew`);
  }
  const plans = await planAgain(directory, record);
  const files = plans.map(({ index, server, scenario }) => trialFile(index, serverName(server), scenario.name));
  const stranger = (await listTrialFiles(directory)).find((name) => !files.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(`${join(directory, "trials", stranger)} is no trial that this run plans: move it away, or begin the run anew`);
  }
  const found = await Promise.all(files.map((name) => readWhole(directory, name)));
  return { directory, record, plans, kept: found.filter((measurement) => measurement?.status === "complete") as Measurement[] };
}

/** The plan as it was: shuffled over the servers that ran then, whatever the catalogue has gained since. */
async function planAgain(directory: string, { suite, unavailable }: RunRecord): Promise<readonly TrialPlan[]> {
  const absent = new Set(unavailable.map(({ server }) => server));
  const servers = suite.servers.filter((server) => !absent.has(serverName(server)));
  const { trials, unavailable: gone } = planTrials({ ...suite, servers }, await loadCatalog());
  if (gone.length > 0) {
    const reasons = gone.map(({ server, reason }) => `${server}: ${reason}`).join("; ");
    throw new UsageError(`${directory} cannot go on here, for it has trials of servers that do not run: ${reasons}`);
  }
  return trials;
}

/** The measurement of a file of `trials/`; whatever is wrong with it, the trial can run again. */
export async function readWhole(directory: string, name: string): Promise<Measurement | undefined> {
  try {
    return await readMeasurement(directory, name);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** The record of a run that goes on now with so many trials complete, as it is until it ends; what was skipped is looked at again. */
export async function goneOnWith(record: RunRecord, keptTrials: number): Promise<RunRecord> {
  const environment = await readEnvironment(process.cwd());
  const resumption = {
    startedAt: new Date().toISOString(),
    keptTrials,
    environment,
    changes: environmentChanges(record.environment, environment),
  };
  const { endedAt: _stoppedAt, skipped: _skipped, ...begun } = record;
  return { ...begun, status: "partial", resumed: [...(record.resumed ?? []), resumption] };
}
