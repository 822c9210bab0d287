/** The pages of a run, written beside what it measured. */
import { stat } from "node:fs/promises";
import type { HistoryPoint } from "../../load/history-record.ts";
import { joinRuns } from "../../load/joined-run.ts";
import { noiseOf } from "../../load/noise-file.ts";
import type { NoiseRecord } from "../../load/noise-record.ts";
import { present } from "../../load/present.ts";
import { UsageError } from "../../load/usage-error.ts";
import type { writeCharts as WriteCharts } from "../../reports/charts/files.ts";
import type { Comparison } from "../../reports/comparison.ts";
import type { WrittenReport } from "../../reports/report.ts";
import type { RunData } from "../../reports/run-data.ts";
import { chooseRunFolder } from "../run-folder.ts";
import { asRun, compare } from "./compare.ts";
import type { Bands } from "./compare.ts";

/** Charts as files of their own: SVG, or their Vega-Lite specifications. */
export interface ChartFiles {
  readonly format: "svg" | "spec";
  readonly directory: string;
}

export interface ReportOptions extends Bands {
  /** Of several runs: empty or absent folder for their report; `results/<utc>-report` unless given. */
  readonly directory?: string;
  readonly charts?: ChartFiles;
  /** Another run, or its folder: the page says what changed since then. */
  readonly base?: string | RunData;
  /** A history's file, or its points: the page shows how figures went. */
  readonly history?: string | readonly HistoryPoint[];
}

export interface ReportOutcome extends WrittenReport {
  readonly run: RunData;
  /** Paths of the charts that were asked for. */
  readonly charts: readonly string[];
  /** Where it was compared with a base. */
  readonly comparison?: Comparison;
  /** Lines of the history that were skipped, and a noise floor that could not be read. */
  readonly remarks: readonly string[];
}

/**
 * Writes `summary.json`, `summary.md` and `report.html` of a run, given as `run` gave it or by its folder; of several, one report of all their
 * cells. Throws `UsageError` where a folder holds none, where several are not one workload, or charts cannot go where they are asked for;
 * `SaveError` where a file cannot be written.
 */
export async function report(asked: string | RunData | readonly (string | RunData)[], options: ReportOptions = {}): Promise<ReportOutcome> {
  const saved = await oneRun([asked].flat(), options.directory);
  const { charts, base, history } = options;
  if (charts !== undefined) await mustTakeFiles(charts);
  const remarks: string[] = [];
  const points = typeof history === "string" ? await pointsOf(history, remarks) : history;
  const noise = saved.noise ?? (await knownNoise(saved.record, remarks));
  const run: RunData = { ...saved, ...present({ history: points, noise }) };
  const comparison = base === undefined ? undefined : await compare(base, run, options);
  // It takes a while to load: what is wrong is said before.
  const { writeReport } = await import("../../reports/report.ts");
  const written = await writeReport(run, run.directory, comparison);
  const files = charts === undefined ? [] : await chartFiles({ run, summary: written.summary, comparison }, charts);
  return { ...written, run, charts: files, remarks, ...(comparison === undefined ? {} : { comparison }) };
}

async function oneRun(asked: readonly (string | RunData)[], directory: string | undefined): Promise<RunData> {
  const [first, ...others] = await Promise.all(asked.map((each): Promise<RunData> => asRun(each)));
  if (first === undefined) throw new UsageError("report: no run was given");
  if (others.length === 0) {
    if (directory === undefined) return first;
    throw new UsageError("directory: the report of one run stands beside its measurements; leave it out");
  }
  return joinRuns([first, ...others], await chooseRunFolder(directory, "report", new Date()));
}

async function chartFiles(data: Parameters<typeof WriteCharts>[0], { format, directory }: ChartFiles): Promise<string[]> {
  const { writeCharts } = await import("../../reports/charts/files.ts");
  return writeCharts(data, format, directory);
}

/** That of the run's class of machine, where it was measured here; a file that cannot be read is a remark and no failure of the report. */
async function knownNoise({ environment }: RunData["record"], remarks: string[]): Promise<NoiseRecord | undefined> {
  try {
    return await noiseOf(environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    remarks.push(error.message);
    return undefined;
  }
}

/** Throws `UsageError` where there is no such file. */
async function pointsOf(file: string, remarks: string[]): Promise<readonly HistoryPoint[]> {
  const { foundHistory } = await import("../keep-history.ts");
  return foundHistory({ history: file }, (remark) => remarks.push(remark));
}

/** Looked at first, so that a wrong folder leaves everything as it was: throws `UsageError`, which calls the charts as they were asked for. */
export async function mustTakeFiles({ format, directory }: ChartFiles, asked = "charts"): Promise<void> {
  if (format !== "svg" && format !== "spec")
    throw new UsageError(`${asked}: expected the format svg or spec, not ${JSON.stringify(format)}`);
  try {
    if ((await stat(directory)).isDirectory()) return;
  } catch (error) {
    // One that is not there yet is made.
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") return;
  }
  const example = asked.startsWith("--") ? `${asked} ${format} charts/` : "charts/";
  throw new UsageError(`${asked} ${format} ${directory}: a file is in the way; name a folder, such as ${example}`);
}
