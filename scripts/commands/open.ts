import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument, printable } from "../../reports/formats/escape.ts";
import { whyNoDesktop } from "../desktop.ts";
import { examples } from "../examples.ts";
import { invocation } from "../invocation.ts";
import { listResults, resultsFolder } from "../newest-run.ts";
import { option } from "../option.ts";
import { shellWord } from "../shell-word.ts";

interface Flags {
  readonly print?: boolean;
  readonly json?: boolean;
}

/** `pushbench open [folder]`: the report in the browser; where nobody sits before one, its path. */
export function openCommand(): Command {
  return new Command("open")
    .description("Open a report in the browser, or print its path where there is no desktop.")
    .argument("[folder]", "a folder under results/, or a report.html (default: the newest in results/)")
    .addOption(option("--print", "only print the path"))
    .addOption(option("--json", "print one JSON document, and open nothing"))
    .addHelpText(
      "before",
      examples([
        ["open", "the newest report"],
        ["open results/20260102T030405Z-quick", "that of one run"],
        ["open --print", "where the newest is"],
      ]),
    )
    .action(async (folder: string | undefined, { print = false, json = false }: Flags) => {
      const report = resolve(folder === undefined ? await newestReport() : await reportIn(folder));
      if (json) process.stdout.write(jsonDocument({ schemaVersion: 1, report }));
      else process.stdout.write(`${printable(report)}\n`);
      if (!print && !json) await show(report);
    });
}

/** Being unable to is no failure: the path was printed. */
async function show(report: string): Promise<void> {
  const reason = whyNoDesktop();
  if (reason !== undefined) return say(`not opened: ${reason}`);
  const { default: open } = await import("open");
  try {
    await open(report);
  } catch (error) {
    say(`not opened: ${(error as Error).message}`);
  }
}

function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

async function newestReport(): Promise<string> {
  const folders = await listResults();
  const found = folders.find(({ report }) => report !== undefined);
  if (found?.report !== undefined) return found.report;
  const run = folders.find(({ kind }) => kind === "run");
  if (run !== undefined) throw noReport(run.directory);
  throw new UsageError(`no report yet: there is no run in results/; begin with: ${invocation()} run quick`);
}

async function reportIn(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new UsageError(`${path} is not there: expected a folder under results/, or a report.html`);
  if (found.isFile()) {
    if (path.endsWith(".html")) return path;
    throw new UsageError(`${path} is no report: expected a folder under results/, or a report.html`);
  }
  const report = join(path, "report.html");
  if ((await stat(report).catch(() => undefined))?.isFile() === true) return report;
  const folder = await resultsFolder(path);
  if (folder?.kind === "gate") throw new UsageError(`${path} is a gate, which has no page: read ${join(path, "gate.md")}`);
  if (folder !== undefined) throw noReport(path);
  throw new UsageError(`${path} is no results folder: there is no ${join(path, "run.json")}`);
}

function noReport(directory: string): UsageError {
  return new UsageError(`${directory} has no report.html yet: make it with: ${invocation()} report ${shellWord(directory)}`);
}
