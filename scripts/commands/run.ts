import { Command } from "commander";
import type { RunResult } from "../../load/run.ts";
import { readSuite } from "../../load/suite-file.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { paintFor, wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { listenForInterruption } from "../interruption.ts";
import { missingSuite } from "../missing-argument.ts";
import { nextCommand } from "../next-command.ts";
import type { RunArguments } from "../next-command.ts";
import { countOption, namesOption, option } from "../option.ts";
import { showProgress } from "../progress.ts";
import { chooseRunFolder } from "../run-folder.ts";
import { exitCodeOf } from "../run-outcome.ts";
import { shellWord } from "../shell-word.ts";
import { chooseFromSuite } from "../suite-choice.ts";
import type { SuiteChoice } from "../suite-choice.ts";

interface Options extends SuiteChoice {
  readonly out?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `pushbench run <suite>`: loads, measures, reports; the exit code tells whether everything ran and every threshold held. */
export function runCommand(): Command {
  return new Command("run")
    .description("Run a suite and report on it.")
    .usage("[options] <suite>")
    .argument("[suite]", "name of a built-in suite, or path of a YAML file")
    .addOption(option("--out <folder>", "where the results go (default: results/<utc>-<suite>)"))
    .addOption(namesOption("--server <names...>", "only these servers, or others than the suite's"))
    .addOption(countOption("--trials <count>", "trials of each cell, over the suite's", 1, 1000))
    .addOption(countOption("--seed <number>", "seed of order and chance, over the suite's", 0, 0xffff_ffff))
    .addOption(option("--strict", "end with 4 when a cell is invalid"))
    .addOption(option("--json", "print the summary as one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["run quick", "the built-in suite, about a minute"],
        ["run quick --trials 6 --server sse-node", "one server, enough trials for intervals"],
        ["run my.yaml --strict --json > summary.json", "for a script"],
      ]),
    )
    .action(runSuite);
}

async function runSuite(name: string | undefined, options: Options): Promise<void> {
  if (name === undefined) throw await missingSuite("run");
  const { strict = false, json = false } = options;
  const catalog = await loadCatalog();
  const suite = chooseFromSuite(await readSuite(name, catalog), options, catalog);
  const directory = await chooseRunFolder(options.out, suite.name, new Date());
  // Loaded here, so that the other commands and a wrong suite do not wait for it.
  const { run } = await import("../../load/run.ts");
  const paint = paintFor(process.stderr);
  const progress = showProgress(process.stderr, paint);
  const interruption = listenForInterruption((signal) => {
    progress.say(paint.yellow(`${signal}: stopping the load, keeping what is finished; once more to exit at once`));
  });
  try {
    const command = ["pushbench", ...process.argv.slice(2)].map(shellWord).join(" ");
    const result = await run({ suite, directory, command, signal: interruption.signal, onEvent: progress.onEvent });
    progress.stop();
    process.exitCode = await reportOn(result, { ...options, suite: name }, json, { strict, interrupted: interruption.exitCode() });
  } finally {
    progress.stop();
    interruption.dispose();
  }
}

/** Writes the report, prints the summary, and says where everything is. */
async function reportOn(result: RunResult, given: RunArguments, json: boolean, outcome: Parameters<typeof exitCodeOf>[2]): Promise<number> {
  const { directory } = result;
  // Vega takes a good part of a second to load, and nothing of it may be in memory while the load runs.
  const { writeReport } = await import("../../reports/report.ts");
  const { formatTerminal } = await import("../../reports/formats/terminal.ts");
  const { summary, files, warnings } = await writeReport(result, directory);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const { stdout } = process;
  stdout.write(
    json
      ? `${JSON.stringify(summary, null, 2)}\n`
      : formatTerminal(summary, { color: wantsColor(stdout), width: stdout.isTTY ? stdout.columns : 160 }),
  );
  const page = files.find((file) => file.endsWith(".html")) ?? directory;
  const last = `\nreport  ${page}\nnext    ${nextCommand(result, given)}\n`;
  (json ? process.stderr : stdout).write(last);
  return exitCodeOf(result, summary, outcome);
}
