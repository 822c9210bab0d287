/** A run's folder: `run.json`, a file a trial, `capacity.json` where it is a search; written as the run goes on, read back by whatever reports it. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CapacityRecord } from "./capacity-record.ts";
import { SCHEMA_VERSION } from "./measurement.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import { readSavedJson } from "./saved-json.ts";
import { saveFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

export interface SavedRun {
  /** The run's folder, as given. */
  readonly directory: string;
  readonly record: RunRecord;
  /** In the order the trials ran. */
  readonly measurements: readonly Measurement[];
  /** Where the run is a capacity search: what it asked and found. */
  readonly capacity?: CapacityRecord;
}

const CAPACITY_FILE = "capacity.json";

export function saveRecord(directory: string, record: RunRecord): Promise<void> {
  return saveFile(join(directory, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
}

export function saveMeasurement(directory: string, measurement: Measurement): Promise<void> {
  const { trial, scenario } = measurement;
  return saveFile(join(directory, "trials", trialFile(trial.index, trial.server, scenario.name)), `${JSON.stringify(measurement)}\n`);
}

export function saveCapacity(directory: string, capacity: CapacityRecord): Promise<void> {
  return saveFile(join(directory, CAPACITY_FILE), `${JSON.stringify(capacity, null, 2)}\n`);
}

/** Name of a trial's file in `trials/`. */
export function trialFile(index: number, server: string, scenario: string): string {
  return `${String(index).padStart(3, "0")}-${fileName(server)}-${fileName(scenario)}.json`;
}

/** Reads a run back; throws {@link UsageError} where it is no run, is broken, or was written by another version. */
export async function readRun(directory: string): Promise<SavedRun> {
  const record = await readRecord(directory);
  const files = await listTrialFiles(directory);
  const measurements = await Promise.all(files.map((name) => readMeasurement(directory, name)));
  const capacity = await readCapacity(directory);
  const sorted = measurements.toSorted((a, b) => a.trial.index - b.trial.index);
  return { directory, record, measurements: sorted, ...(capacity === undefined ? {} : { capacity }) };
}

/** `capacity.json`; `undefined` where the run is no capacity search. Throws {@link UsageError} as {@link readRun} does. */
export async function readCapacity(directory: string): Promise<CapacityRecord | undefined> {
  if (!(await readdir(directory)).includes(CAPACITY_FILE)) return undefined;
  return (await readJson(join(directory, CAPACITY_FILE), `${directory} has changed while it was read`)) as CapacityRecord;
}

/** `run.json`; throws {@link UsageError} as {@link readRun} does. */
export async function readRecord(directory: string): Promise<RunRecord> {
  return (await readJson(join(directory, "run.json"), `${directory} is no results folder`)) as RunRecord;
}

/** Names of the files in `trials/`, in the order of the run. */
export async function listTrialFiles(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, "trials")).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).sort();
}

/** One file of `trials/`; throws {@link UsageError} where it is none that this version wrote, or not whole. */
export async function readMeasurement(directory: string, name: string): Promise<Measurement> {
  const file = join(directory, "trials", name);
  const measurement = (await readJson(file, `${directory} has changed while it was read`)) as Measurement;
  const { trial, metrics, histograms } = measurement;
  if (trial === undefined || metrics === undefined || histograms === undefined) {
    throw new UsageError(`${file}: no measurement: expected "trial", "metrics" and "histograms"`);
  }
  return measurement;
}

function readJson(file: string, missing: string): Promise<unknown> {
  return readSavedJson(file, missing, SCHEMA_VERSION);
}

/** Names come from users; a file's name keeps what every file system takes. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(0, 80);
}
