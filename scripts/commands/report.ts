import { stat } from "node:fs/promises";
import { Command } from "commander";
import { readRun } from "../../load/results.ts";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument, printable } from "../../reports/formats/escape.ts";
import { bandOptions } from "../band-option.ts";
import type { BandFlags } from "../band-option.ts";
import { wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { addHistoryOptions } from "../history-option.ts";
import type { HistoryChoice } from "../history-option.ts";
import { invocation } from "../invocation.ts";
import { option } from "../option.ts";

interface Flags extends BandFlags, HistoryChoice {
  /** A format and a folder, and what followed them on the command line. */
  readonly charts?: readonly string[];
  readonly json?: boolean;
  /** The folder of another run. */
  readonly base?: string;
}

const FORMATS = ["svg", "spec"] as const;

/** Columns of a pipe, which has no width of its own. */
const PIPE_WIDTH = 120;

/** `pushbench report <dir>`: reports a finished or interrupted run again, from what it saved. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("Write summary.json, summary.md and report.html of a run anew, and print its table.")
    .argument("[directory]", "a folder under results/")
    .addOption(option("--charts <format-and-folder...>", "write the charts as files too: svg, or spec for Vega-Lite, and where"))
    .addOption(option("--base <directory>", "the page says what changed since that run; pushbench compare prints it"))
    .addOption(option("--json", "print the summary as one JSON document"));
  for (const each of bandOptions()) command.addOption(each);
  command
    .addHelpText(
      "before",
      examples([
        ["report results/20260102T030405Z-quick", "the table, and the report's path"],
        ["report results/… --charts svg charts/", "each chart as an SVG file"],
        ["report results/… --base results/…", "what changed since another run, on its page"],
        ["report results/… --history ci.jsonl", "with the trend of its cells over the runs before it"],
        ["report results/… --json", "the summary for programs"],
      ]),
    )
    .action((directory: string | undefined, { charts, ...flags }: Flags) => {
      // `--charts svg DIR RESULTS`: a repeatable option takes all words that follow it, the folder of the run too.
      const [format, target, ...rest] = charts?.length === 1 ? words(charts[0]!) : (charts ?? []);
      const directories = [...(directory === undefined ? [] : [directory]), ...rest];
      return report(oneDirectory(directories), charts === undefined ? undefined : chartFiles(format, target), flags);
    });
  return addHistoryOptions(command, "report no trend");
}

/** PUSHBENCH_CHARTS holds both in one: `svg charts/`. */
function words(text: string): string[] {
  return /^(\S+)\s+(.+)$/.exec(text)?.slice(1) ?? [text];
}

interface ChartFiles {
  readonly format: (typeof FORMATS)[number];
  readonly directory: string;
}

function oneDirectory(directories: readonly string[]): string {
  const [directory, extra] = directories;
  if (directory === undefined) throw new UsageError(`which run? ${invocation()} report <directory>, a folder under results/`);
  if (extra !== undefined) throw new UsageError(`one run at a time: "${directory}" and "${extra}" were given`);
  return directory;
}

function chartFiles(format: string | undefined, directory: string | undefined): ChartFiles {
  const known = FORMATS.find((name) => name === format);
  if (known === undefined) throw new UsageError(`--charts ${format ?? ""}: expected svg or spec, then a folder: --charts svg charts/`);
  if (directory === undefined) throw new UsageError(`--charts ${known} needs a folder for the files: --charts ${known} charts/`);
  return { format: known, directory };
}

/** Looked at first, so that a wrong folder leaves everything as it was. */
async function mustTakeFiles({ format, directory }: ChartFiles): Promise<void> {
  try {
    if ((await stat(directory)).isDirectory()) return;
  } catch (error) {
    // One that is not there yet is made.
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") return;
  }
  throw new UsageError(`--charts ${format} ${directory}: a file is in the way; name a folder, such as --charts ${format} charts/`);
}

async function report(directory: string, charts: ChartFiles | undefined, { json = false, base, ...choice }: Flags): Promise<void> {
  const saved = await readRun(directory);
  if (charts !== undefined) await mustTakeFiles(charts);
  const { foundHistory } = await import("../keep-history.ts");
  const history = await foundHistory(choice, (line) => process.stderr.write(`warning: ${printable(line)}\n`));
  const run = { ...saved, history };
  const comparison = base === undefined ? undefined : await (await import("../comparison.ts")).compareWith(base, run, choice);
  // Vega takes a third of a second to load, which no other command should pay.
  const [{ writeReport }, { writeCharts }, { formatTerminal }, { formatCapacity }] = await Promise.all([
    import("../../reports/report.ts"),
    import("../../reports/charts/files.ts"),
    import("../../reports/formats/terminal.ts"),
    import("../../reports/formats/capacity.ts"),
  ]);
  const { summary, files, warnings } = await writeReport(run, directory, comparison);
  const width = process.stdout.columns ?? PIPE_WIDTH;
  const options = { color: wantsColor(process.stdout), width };
  const text = (): string => (run.capacity === undefined ? formatTerminal(summary, options) : formatCapacity(run.capacity, options));
  process.stdout.write(json ? jsonDocument(summary) : text());
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  if (charts !== undefined) {
    const written = await writeCharts({ run, summary, comparison }, charts.format, charts.directory);
    process.stderr.write(`charts: ${written.length} files in ${charts.directory}\n`);
  }
  process.stderr.write(`report: ${files.at(-1)!}\n`);
}
