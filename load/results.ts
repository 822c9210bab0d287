/** A run's folder: `run.json` and a file a trial, written as the run goes on and read back by whatever reports it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SCHEMA_VERSION } from "./measurement.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import { saveFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

export interface SavedRun {
  /** The run's folder, as given. */
  readonly directory: string;
  readonly record: RunRecord;
  /** In the order the trials ran. */
  readonly measurements: readonly Measurement[];
}

export function saveRecord(directory: string, record: RunRecord): Promise<void> {
  return saveFile(join(directory, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
}

export function saveMeasurement(directory: string, measurement: Measurement): Promise<void> {
  const { trial, scenario } = measurement;
  const name = `${String(trial.index).padStart(3, "0")}-${fileName(trial.server)}-${fileName(scenario.name)}.json`;
  return saveFile(join(directory, "trials", name), `${JSON.stringify(measurement)}\n`);
}

/** Reads a run back; throws {@link UsageError} where it is no run, is broken, or was written by another version. */
export async function readRun(directory: string): Promise<SavedRun> {
  const recordFile = join(directory, "run.json");
  const record = (await readJson(recordFile, `${directory} is no results folder`)) as RunRecord;
  const trials = join(directory, "trials");
  const files = (await readdir(trials).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  const measurements = await Promise.all(
    files.map(async (name) => (await readJson(join(trials, name), `${trials} has changed while it was read`)) as Measurement),
  );
  for (const [i, { trial, metrics, histograms }] of measurements.entries()) {
    if (trial === undefined || metrics === undefined || histograms === undefined) {
      throw new UsageError(`${join(trials, files[i]!)}: no measurement: expected "trial", "metrics" and "histograms"`);
    }
  }
  return { directory, record, measurements: measurements.toSorted((a, b) => a.trial.index - b.trial.index) };
}

async function readJson(file: string, missing: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(code === "ENOENT" || code === "ENOTDIR" ? `${missing}: there is no ${file}` : `cannot read ${file}: ${message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: no JSON: ${(error as Error).message}`);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION) {
    throw new UsageError(
      `${file}: schemaVersion ${JSON.stringify(version) ?? "is missing"} where this pushbench reads ${SCHEMA_VERSION}; ` +
        "report it with the pushbench that wrote it",
    );
  }
  return value;
}

/** Names come from users; a file's name keeps what every file system takes. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "_").slice(0, 80);
}
