import { Command } from "commander";
import { HISTORY_FILE } from "../../load/history.ts";
import { count } from "../../load/quantity.ts";
import { present } from "../../load/present.ts";
import type { Watch } from "../../load/run.ts";
import { UsageError } from "../../load/usage-error.ts";
import { prepareResume, prepareRun, resumePrepared, runPrepared } from "../api/run.ts";
import type { RunOutcome } from "../api/run.ts";
import { wantsColor } from "../color.ts";
import { examples } from "../examples.ts";
import { addHistoryOptions } from "../history-option.ts";
import type { HistoryChoice } from "../history-option.ts";
import { missingSuite } from "../missing-argument.ts";
import { nextCommand } from "../next-command.ts";
import type { RunArguments } from "../next-command.ts";
import { countOption, namesOption, option } from "../option.ts";
import { exitCodeOf } from "../run-outcome.ts";
import { shellWord } from "../shell-word.ts";
import type { SuiteChoice } from "../suite-choice.ts";
import { pageOf, sayWhere, watched } from "../watched.ts";

interface Options extends SuiteChoice, HistoryChoice {
  readonly out?: string;
  readonly resume?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
  /** A port, or that it may be any. */
  readonly live?: string | true;
}

/** What bears on how a run is reported. */
interface Given extends RunArguments, HistoryChoice {
  readonly json?: boolean;
  /** Port of the live page; 0 is any. */
  readonly live?: number;
}

/** `pushbench run <suite>`: loads, measures, reports; the exit code tells whether everything ran and every threshold held. */
export function runCommand(): Command {
  const command = new Command("run")
    .description("Run a suite and report on it.")
    .usage("[options] <suite>\n       pushbench run --resume <folder>")
    .argument("[suite]", "name of a built-in suite, or path of a YAML, TypeScript or JavaScript file")
    .addOption(option("--out <folder>", "where the results go (default: results/<utc>-<suite>)"))
    .addOption(option("--resume <folder>", "go on with a run that was stopped: complete trials are kept, failed ones run again"))
    .addOption(namesOption("--server <names...>", "only these servers, or others than the suite's"))
    .addOption(countOption("--trials <count>", "trials of each cell, over the suite's", 1, 1000))
    .addOption(countOption("--seed <number>", "seed of order and chance, over the suite's", 0, 0xffff_ffff))
    .addOption(option("--strict", "end with 4 when a cell is invalid"))
    .addOption(option("--live [port]", "follow the run in a browser on this machine as well (default: on a free port)"))
    .addOption(option("--json", "print the summary as one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["run quick", "every server, in under 3 minutes"],
        ["run quick --trials 6 --server sse-node", "one server, enough trials for intervals"],
        ["run quick --live", "with a page that shows how far it is"],
        ["run --resume results/…", "go on with a run that was stopped"],
        ["run my.yaml --strict --json > summary.json", "for a script"],
      ]),
    )
    .action(runOrResume);
  return addHistoryOptions(command, "add nothing to the history, and report no trend");
}

async function runOrResume(typedName: string | undefined, typed: Options): Promise<void> {
  const { name, live, options } = withoutLive(typedName, typed);
  if (options.resume !== undefined) return resumeRun(options.resume, name, { ...options, ...live });
  if (name === undefined) throw await missingSuite("run");
  const { server, trials, seed, out } = options;
  const request = await prepareRun(name, {
    ...present({ servers: server, trials, seed, directory: out }),
    history: historyFile(options),
    command: ["pushbench", ...process.argv.slice(2)].map(shellWord).join(" "),
  });
  await runWatched({ ...options, ...live, suite: name }, (watch) => runPrepared(request, watch));
}

/** `--live quick` is no port: whoever types it means the suite. PUSHBENCH_LIVE=1 is none either. */
function withoutLive(name: string | undefined, { live, ...options }: Options) {
  if (live === undefined) return { name, live: {}, options };
  if (live === true || ["1", "true", "yes"].includes(live)) return { name, live: { live: 0 }, options };
  const port = count.parse(live);
  if (port !== undefined && port <= 65_535) return { name, live: { live: port }, options };
  if (name === undefined && !/^\d/.test(live)) return { name: live, live: { live: 0 }, options };
  throw new UsageError(`--live ${live}: expected a port from 0 to 65535, or none for a free one`);
}

/** The folder says all that the run needs; what else was given would make it another run. */
async function resumeRun(
  directory: string,
  suite: string | undefined,
  options: Omit<Options, "live"> & Pick<Given, "live">,
): Promise<void> {
  const { out, server, trials, seed, strict = false, json = false, history, live } = options;
  const given = { strict, json, ...present({ history, live }) };
  const others = [
    ...(suite === undefined ? [] : [suite]),
    ...Object.entries({ out, server, trials, seed }).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`])),
  ];
  if (others.length > 0) {
    throw new UsageError(
      `--resume ${directory} goes on with that run as it began: leave out ${others.join(", ")}, or begin a run without --resume`,
    );
  }
  const request = await prepareResume(directory, historyFile(options));
  const start = (watch: Watch): Promise<RunOutcome> => resumePrepared(request, watch);
  if (request.isComplete) {
    process.stderr.write(`${directory} is complete: nothing is left of its ${request.stopped.plans.length} trials\n`);
    await tellOutcome(await start({ signal: new AbortController().signal, onEvent: () => {} }), given);
    return;
  }
  await runWatched(given, start);
}

/** Where a run is kept unless another file is named, or none. */
function historyFile({ history = HISTORY_FILE }: HistoryChoice): string | false {
  return history;
}

/** Runs with progress, then reports. */
async function runWatched(given: Given, start: (watch: Watch) => Promise<RunOutcome>): Promise<void> {
  await watched(
    start,
    async (outcome, interrupted) => {
      const where = await tellOutcome(outcome, given);
      const exitCode = exitCodeOf(outcome, outcome.summary, { strict: given.strict === true, interrupted });
      return { exitCode, status: outcome.record.status, ...where };
    },
    present({ live: given.live }),
  );
}

/** Writes the report, prints the summary, and says where everything is. */
async function tellOutcome(outcome: RunOutcome, given: Given): Promise<{ readonly report: string; readonly next: string }> {
  const { directory } = outcome;
  const { json = false } = given;
  // Vega takes a good part of a second to load, and nothing of it may be in memory while the load runs.
  const { report } = await import("../api/report.ts");
  const { formatTerminal } = await import("../../reports/formats/terminal.ts");
  const { jsonDocument, printable } = await import("../../reports/formats/escape.ts");
  for (const remark of outcome.remarks) process.stderr.write(`${printable(remark)}\n`);
  const { summary, files, warnings, remarks } = await report(outcome);
  const { warn } = await import("../warn.ts");
  warn(...remarks, ...warnings);
  const { stdout } = process;
  stdout.write(
    json ? jsonDocument(summary) : formatTerminal(summary, { color: wantsColor(stdout), width: stdout.isTTY ? stdout.columns : 160 }),
  );
  const where = { report: pageOf({ files }, directory), next: nextCommand(outcome, given) };
  sayWhere(where, json);
  return where;
}
