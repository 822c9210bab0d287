import { Command } from "commander";
import { HISTORY_FILE, readHistory } from "../../load/history.ts";
import { readRun } from "../../load/results.ts";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument, printable } from "../../reports/formats/escape.ts";
import { MOST_POINTS, seriesOf } from "../../reports/series.ts";
import { wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { EXIT } from "../exit-code.ts";
import { choosePoints, metricChoice } from "../history-choice.ts";
import type { PointChoice } from "../history-choice.ts";
import { historyOption } from "../history-option.ts";
import { missingArgument } from "../missing-argument.ts";
import { noHistory } from "../no-history.ts";
import { countOption, namesOption, option } from "../option.ts";

interface Options extends PointChoice {
  readonly history?: string;
  readonly metric?: readonly string[];
  readonly last?: number;
  readonly json?: boolean;
}

/** Columns of a pipe, which has no width of its own. */
const PIPE_WIDTH = 120;
/** Change points of a series take time and memory by the square of it. */
const MOST_ASKED = 2000;

/** `pushbench history`: how each figure of each cell went over the runs, and where it changed. */
export function historyCommand(): Command {
  return new Command("history")
    .description("Show how figures went from run to run, and at which commit they changed.")
    .addOption(namesOption("--server <names...>", "only these servers"))
    .addOption(option("--scenario <name>", "only this scenario, with all that a matrix made of it"))
    .addOption(namesOption("--metric <names...>", "only these metrics"))
    .addOption(option("--branch <name>", "only runs on this branch"))
    .addOption(countOption("--last <count>", `points of a series that are looked at (default: ${MOST_POINTS})`, 1, MOST_ASKED))
    .addOption(historyOption())
    .addOption(option("--json", "print one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["history", "each cell's figures over the runs, what got worse first"],
        ["history --server sse-node --metric server_cpu_us_per_delivery", "one figure of one server"],
        ["history import results/*", "take in runs that were saved before"],
      ]),
    )
    .addCommand(importCommand())
    .action(show);
}

async function show(options: Options): Promise<void> {
  const { history: file = HISTORY_FILE, json = false, last = MOST_POINTS } = options;
  const history = await readHistory(file);
  if (history === undefined) throw noHistory(file);
  const wanted = metricChoice(options.metric);
  // What reads histograms takes its time to load, which no other command should pay.
  const [{ formatHistory }, { historyDocument }, { trendsOf }] = await Promise.all([
    import("../../reports/formats/history.ts"),
    import("../../reports/formats/history-json.ts"),
    import("../../reports/trend.ts"),
  ]);
  const trends = seriesOf(choosePoints(history.points, options), last)
    .flatMap(trendsOf)
    .filter(({ metric }) => wanted(metric.name));
  if (json) {
    process.stdout.write(jsonDocument(historyDocument(file, history.problems, trends)));
    return;
  }
  for (const problem of history.problems) process.stderr.write(`skipped ${printable(problem)}\n`);
  const { stdout } = process;
  stdout.write(formatHistory(trends, { color: wantsColor(stdout), width: stdout.columns ?? PIPE_WIDTH }));
}

function importCommand(): Command {
  return new Command("import")
    .description("Add complete runs to the history; what is in it already is left as it is.")
    .argument("[directories...]", "folders under results/")
    .addOption(historyOption())
    .addOption(option("--json", "print one JSON document"))
    .addHelpText("before", examples([["history import results/*", "all runs of this folder"]]))
    .action(async (directories: readonly string[], _: object, command: Command) => {
      await importRuns(directories, command.optsWithGlobals<Pick<Options, "history" | "json">>());
    });
}

async function importRuns(
  directories: readonly string[],
  { history: file = HISTORY_FILE, json = false }: Pick<Options, "history" | "json">,
): Promise<void> {
  if (directories.length === 0) throw missingArgument("directories", "folders of runs", "history import results/*");
  // A file that is no history is no fault of the first run.
  await readHistory(file);
  const runs: Awaited<ReturnType<typeof importRun>>[] = [];
  for (const directory of directories) {
    const run = await importRun(directory, file);
    runs.push(run);
    if (!json) process.stdout.write(`${printable(outcome(run))}\n`);
  }
  if (json) process.stdout.write(jsonDocument({ schemaVersion: 1, file, runs }));
  if (runs.every(({ reason }) => reason !== undefined)) process.exitCode = EXIT.usage;
}

interface Imported {
  readonly directory: string;
  readonly cells?: number;
  /** Of the cells those that were not in it. */
  readonly added?: number;
  /** Why none could be. */
  readonly reason?: string;
}

/** One that is no run does not keep the others out: `results/*` holds more than runs. */
async function importRun(directory: string, file: string): Promise<Imported> {
  const { keepRun } = await import("../keep-history.ts");
  try {
    return { directory, ...(await keepRun(await readRun(directory), file)) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { directory, reason: error.message };
  }
}

function outcome({ directory, cells = 0, added = 0, reason }: Imported): string {
  if (reason !== undefined) return `${directory}: left out: ${reason}`;
  const known = cells - added;
  return `${directory}: ${added} of ${cells} cells added${known === 0 ? "" : `, ${known} in the history already`}`;
}
