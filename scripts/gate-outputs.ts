/** Where a gate's report goes: stdout, the files that were asked for, and GitHub's own where a workflow runs. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { SaveError, saveFile } from "../load/save.ts";
import { jsonDocument } from "../reports/formats/escape.ts";
import { formatGateCsv } from "../reports/formats/gate-csv.ts";
import { formatGateMarkdown } from "../reports/formats/gate-markdown.ts";
import { formatGateTerminal } from "../reports/formats/gate-terminal.ts";
import { githubAnnotations, githubSummary } from "../reports/formats/github.ts";
import { formatGithubBenchmark } from "../reports/formats/github-benchmark.ts";
import { formatJunit } from "../reports/formats/junit.ts";
import type { TerminalOptions } from "../reports/formats/terminal.ts";
import type { GateReport } from "../reports/gate-report.ts";

/** Flags of `gate` that name a file each, and `--json`. */
export interface GateOutputFlags {
  readonly json?: boolean;
  readonly junit?: string;
  readonly markdown?: string;
  readonly githubBenchmark?: string;
  readonly csv?: string;
}

/** Text for the two streams. */
export interface GateText {
  readonly stdout: string;
  /** Workflow commands where stdout is a document; else empty. */
  readonly stderr: string;
}

/**
 * Writes the files and GitHub's summary, and returns what is to be printed: the table, or with `json` the report alone. Annotations stand in
 * the log of a workflow, wherever they are printed. Throws {@link SaveError}.
 */
export async function writeGateOutputs(
  report: GateReport,
  flags: GateOutputFlags,
  terminal: TerminalOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<GateText> {
  const files: readonly (readonly [path: string | undefined, format: (report: GateReport) => string])[] = [
    [flags.junit, formatJunit],
    [flags.markdown, (each) => formatGateMarkdown(each)],
    [flags.githubBenchmark, (each) => formatGithubBenchmark(each)],
    [flags.csv, formatGateCsv],
  ];
  for (const [path, format] of files) {
    if (path !== undefined) await saveFile(path, format(report));
  }
  const annotations = env["GITHUB_ACTIONS"] === "true" ? githubAnnotations(report) : "";
  const summary = env["GITHUB_ACTIONS"] === "true" ? env["GITHUB_STEP_SUMMARY"] : undefined;
  if (summary !== undefined && summary !== "") await appendSummary(summary, githubSummary(report));
  if (flags.json === true) return { stdout: jsonDocument(report), stderr: annotations };
  return { stdout: formatGateTerminal(report, terminal) + annotations, stderr: "" };
}

/** Writes what every gate leaves in its folder: the report for programs, and for people. */
export async function saveGateReport(directory: string, report: GateReport): Promise<readonly string[]> {
  const [json, markdown] = [join(directory, "gate-report.json"), join(directory, "gate.md")];
  await saveFile(json, jsonDocument(report));
  await saveFile(markdown, formatGateMarkdown(report));
  return [json, markdown];
}

/** Steps share the file, so that it is not replaced. */
async function appendSummary(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (error) {
    throw new SaveError(`cannot write ${path}, which GITHUB_STEP_SUMMARY names: ${(error as Error).message}`);
  }
}
