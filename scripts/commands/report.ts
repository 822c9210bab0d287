import { Command } from "commander";
import { present } from "../../load/present.ts";
import { readRun } from "../../load/results.ts";
import { UsageError } from "../../load/usage-error.ts";
import { jsonDocument } from "../../reports/formats/escape.ts";
import type { Bands } from "../api/compare.ts";
import type { ChartFiles } from "../api/report.ts";
import { bandOptions, bandsOf } from "../band-option.ts";
import { wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { addHistoryOptions } from "../history-option.ts";
import type { HistoryChoice } from "../history-option.ts";
import { invocation } from "../invocation.ts";
import { option } from "../option.ts";
import { warn } from "../warn.ts";

interface Flags extends Bands, HistoryChoice {
  /** A format and a folder, and what followed them on the command line. */
  readonly charts?: readonly string[];
  readonly json?: boolean;
  /** The folder of another run. */
  readonly base?: string;
  /** Of several runs. */
  readonly out?: string;
}

const FORMATS = ["svg", "spec"] as const;

/** Columns of a pipe, which has no width of its own. */
const PIPE_WIDTH = 120;

/** `pushbench report <dir>`: reports a finished or interrupted run again, from what it saved; several as one. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description("Write summary.json, summary.md and report.html of a run anew, and print its table; of several runs, one report of all.")
    .usage("[options] <folder>\n       pushbench report [options] <folder> <folder...>")
    .argument("[directories...]", "folders under results/")
    .addOption(option("--out <folder>", "where the report of several runs goes (default: results/<utc>-report)"))
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
        ["report results/<one> results/<other>", "one report of both: servers that were loaded one by one, trials made later"],
        ["report results/… --json", "the summary for programs"],
      ]),
    )
    .action((directories: readonly string[], { charts, ...flags }: Flags) => {
      // `--charts svg DIR RESULTS`: a repeatable option takes all words that follow it, the folders of runs too.
      const [format, target, ...rest] = charts?.length === 1 ? words(charts[0]!) : (charts ?? []);
      return tellReport(mustBeSome([...directories, ...rest]), charts === undefined ? undefined : chartFiles(format, target), flags);
    });
  return addHistoryOptions(command, "report no trend");
}

/** PUSHBENCH_CHARTS holds both in one: `svg charts/`. */
function words(text: string): string[] {
  return /^(\S+)\s+(.+)$/.exec(text)?.slice(1) ?? [text];
}

function mustBeSome(directories: readonly string[]): readonly string[] {
  if (directories.length > 0) return directories;
  throw new UsageError(`which run? ${invocation()} report <directory>, a folder under results/`);
}

function chartFiles(format: string | undefined, directory: string | undefined): ChartFiles {
  const known = FORMATS.find((name) => name === format);
  if (known === undefined) throw new UsageError(`--charts ${format ?? ""}: expected svg or spec, then a folder: --charts svg charts/`);
  if (directory === undefined) throw new UsageError(`--charts ${known} needs a folder for the files: --charts ${known} charts/`);
  return { format: known, directory };
}

async function tellReport(
  directories: readonly string[],
  charts: ChartFiles | undefined,
  { json = false, base, out, ...flags }: Flags,
): Promise<void> {
  const saved = await Promise.all(directories.map((directory) => readRun(directory)));
  if (out !== undefined && saved.length === 1) {
    throw new UsageError("--out is for the report of several runs; that of one stands beside its measurements");
  }
  const { mustTakeFiles, report } = await import("../api/report.ts");
  if (charts !== undefined) await mustTakeFiles(charts, "--charts");
  const { foundHistory } = await import("../keep-history.ts");
  const history = await foundHistory(flags, warn);
  const {
    run,
    summary,
    files,
    warnings,
    remarks,
    charts: written,
  } = await report(saved, { ...bandsOf(flags), ...present({ charts, base, directory: out }), history });
  const { formatTerminal } = await import("../../reports/formats/terminal.ts");
  const { formatCapacity } = await import("../../reports/formats/capacity.ts");
  const width = process.stdout.columns ?? PIPE_WIDTH;
  const options = { color: wantsColor(process.stdout), width };
  const text = (): string => (run.capacity === undefined ? formatTerminal(summary, options) : formatCapacity(run.capacity, options));
  process.stdout.write(json ? jsonDocument(summary) : text());
  warn(...remarks, ...warnings);
  if (charts !== undefined) process.stderr.write(`charts: ${written.length} files in ${charts.directory}\n`);
  process.stderr.write(`report: ${files.at(-1)!}\n`);
}
