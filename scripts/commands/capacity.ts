import { Command } from "commander";
import type { CapacityResult, CapacityWatch } from "../../load/capacity.ts";
import { DEFAULT_SLO, parseSlo, readStoppedCapacity, resumeCapacity, roundLevel, searchCapacity } from "../../load/capacity.ts";
import { VARIED } from "../../load/capacity-record.ts";
import type { CapacityPoint, CapacityQuestion, Varied } from "../../load/capacity-record.ts";
import { count, rate, size } from "../../load/quantity.ts";
import type { Quantity } from "../../load/quantity.ts";
import { UsageError } from "../../load/usage-error.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { chooseCapacityTarget, folderName } from "../capacity-target.ts";
import { paintFor, wantsColor } from "../color.ts";
import { closing, examples } from "../examples.ts";
import { invocation } from "../invocation.ts";
import { missingArgument } from "../missing-argument.ts";
import { countOption, durationOption, namesOption, option } from "../option.ts";
import { chooseRunFolder } from "../run-folder.ts";
import { exitCodeOfCapacity } from "../capacity-outcome.ts";
import { shellWord } from "../shell-word.ts";
import { pageOf, sayWhere, watched } from "../watched.ts";

interface Options {
  readonly vary?: Varied;
  readonly slo?: string;
  readonly from?: string;
  readonly to?: string;
  readonly scenario?: string;
  readonly server?: readonly string[];
  readonly window?: number;
  readonly confirm?: number;
  readonly maxTime?: number;
  readonly maxSteps?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

const LEVELS: Readonly<Record<Varied, Quantity>> = { connections: count, rate, payload: size, fanout: count };
const MAX_TIME_MS = 600_000;
const MAX_STEPS = 40;
/** METHOD measures 15 s and confirms 60 s. */
const CONFIRM_WINDOWS = 4;

/** `pushbench capacity <server|suite>`: how much of something a server carries within an SLO, as a bracket with what broke first. */
export function capacityCommand(): Command {
  return new Command("capacity")
    .description("Search how many connections, messages a second, bytes or subscribers a topic a server carries within an SLO.")
    .usage("[options] <server|suite>...\n       pushbench capacity --resume <folder>")
    .argument("[targets...]", "servers that `list` shows, `all` of them, or one suite by name or path")
    .addOption(option("--vary <quantity>", "what is increased").choices(Object.keys(VARIED)))
    .addOption(option("--slo <limits>", `what must hold, joined by "and" (default: "${DEFAULT_SLO}")`))
    .addOption(option("--from <level>", "level to begin with (default: the scenario's)"))
    .addOption(option("--to <level>", "level that is not passed (default: what this machine holds)"))
    .addOption(option("--scenario <name>", "which scenario of the suite, where it has several"))
    .addOption(namesOption("--server <names...>", "only these servers of the suite, or others"))
    .addOption(durationOption("--window <duration>", "measured window of a trial (default: the scenario's; 6s without a suite)", 1000))
    .addOption(
      durationOption("--confirm <duration>", `window in which the level found must hold too (default: ${CONFIRM_WINDOWS} windows)`, 1000),
    )
    .addOption(durationOption("--max-time <duration>", "what the trials of a server may take together (default: 10m)", 1000))
    .addOption(countOption("--max-steps <count>", `levels that are tried on a server (default: ${MAX_STEPS})`, 1, 1000))
    .addOption(countOption("--seed <number>", "seed of all chance, over the suite's", 0, 0xffff_ffff))
    .addOption(option("--out <folder>", "where the results go (default: results/<utc>-capacity-<name>)"))
    .addOption(option("--resume <folder>", "go on with a search that was stopped; with --max-time or --max-steps, further"))
    .addOption(option("--strict", "end with 4 when a server has no bracket"))
    .addOption(option("--json", "print the answers as one JSON document"))
    .addHelpText(
      "before",
      examples([
        ["capacity websocket-ws --vary connections", "subscribers it holds while p99 stays below 100 ms and nothing is lost"],
        ['capacity all --vary rate --slo "delivery_latency_ms.p99 < 50 and messages_lost == 0"', "messages a second, on every transport"],
        ["capacity my.yaml --vary fanout --from 1k --to 50k", "a workload and servers of your own"],
        ["capacity sse-node --vary payload --window 20s --confirm 60s --max-time 1h", "longer windows, a surer answer"],
        ["capacity --resume results/…", "go on with a search that was stopped"],
      ]),
    )
    .addHelpText(
      "after",
      closing(
        "A level holds where the SLO does in two of three trials, 99 % of the messages left when they were due, no backlog grows " +
          "and nobody fails to connect. Levels are doubled until one breaks, then the ratio is halved to 5 %; the level found must " +
          "hold in a longer window.",
      ),
    )
    .action(searchOrResume);
}

async function searchOrResume(targets: readonly string[], options: Options): Promise<void> {
  if (options.resume !== undefined) return resume(options.resume, targets, options);
  const { vary, out } = options;
  if (targets.length === 0) throw missingArgument("targets", "a server (or all), or a suite", "capacity sse-node --vary connections");
  if (vary === undefined)
    throw new UsageError(
      `--vary is missing: expected one of ${Object.keys(VARIED).join(", ")}, as in: ${invocation()} capacity ${targets.join(" ")} --vary connections`,
    );
  const catalog = await loadCatalog();
  const { suite, scenario, servers } = await chooseCapacityTarget(targets, options, catalog);
  const windowed = { ...scenario, durationMs: options.window ?? scenario.durationMs };
  const question: CapacityQuestion = {
    vary,
    slo: parseSlo(options.slo ?? DEFAULT_SLO),
    scenario: windowed,
    servers,
    ...levelOption("from", vary, options.from),
    ...levelOption("to", vary, options.to),
    confirmMs: options.confirm ?? windowed.durationMs * CONFIRM_WINDOWS,
    maxMs: options.maxTime ?? MAX_TIME_MS,
    maxSteps: options.maxSteps ?? MAX_STEPS,
  };
  const directory = await chooseRunFolder(out, `capacity-${folderName(targets)}`, new Date());
  const command = ["pushbench", ...process.argv.slice(2)].map(shellWord).join(" ");
  await searchWatched(options, (watch) =>
    searchCapacity({ question, directory, command, suite: { ...suite, seed: options.seed ?? suite.seed } }, watch),
  );
}

/** The folder says all that the search needs, but for how long it may go on. */
async function resume(directory: string, targets: readonly string[], options: Options): Promise<void> {
  const { maxTime, maxSteps, strict: _strict, json: _json, resume: _resume, ...others } = options;
  const given = [...targets, ...Object.keys(others).map((name) => `--${name}`)];
  if (given.length > 0) {
    throw new UsageError(
      `--resume ${directory} goes on with that search as it began: leave out ${given.join(", ")}, or begin one without --resume`,
    );
  }
  const stopped = await readStoppedCapacity(directory);
  const { question } = stopped.capacity;
  const capacity = {
    ...stopped.capacity,
    question: { ...question, maxMs: maxTime ?? question.maxMs, maxSteps: maxSteps ?? question.maxSteps },
  };
  await searchWatched(options, (watch) => resumeCapacity({ ...stopped, capacity }, watch));
}

/** Searches with progress, then reports. */
async function searchWatched(options: Options, start: (watch: CapacityWatch) => Promise<CapacityResult>): Promise<void> {
  const paint = paintFor(process.stderr);
  await watched(
    (watch, say) => start({ ...watch, onPoint: (point) => say(paint.dim(pointLine(point))) }),
    async (result, interrupted) => {
      const where = await reportOn(result, options);
      const exitCode = exitCodeOfCapacity(result, { strict: options.strict === true, interrupted });
      return { exitCode, status: result.record.status, ...where };
    },
  );
}

/** Writes the report, prints the answers, and says where everything is. */
async function reportOn(result: CapacityResult, { json = false }: Options): Promise<{ readonly report: string; readonly next: string }> {
  const { directory, capacity, record } = result;
  // Vega takes a good part of a second to load, and nothing of it may be in memory while the load runs.
  const { writeReport } = await import("../../reports/report.ts");
  const { formatCapacity } = await import("../../reports/formats/capacity.ts");
  const { jsonDocument } = await import("../../reports/formats/escape.ts");
  const report = await writeReport(result, directory);
  for (const warning of report.warnings) process.stderr.write(`${warning}\n`);
  const { stdout } = process;
  const width = stdout.isTTY ? stdout.columns : 160;
  stdout.write(json ? jsonDocument(capacity) : formatCapacity(capacity, { color: wantsColor(stdout), width }));
  const isOpen = record.status === "partial" || capacity.servers.some(({ answer: { end } }) => end === "noise" || end === "failed");
  const words = isOpen ? ["capacity", "--resume", directory] : ["report", directory, "--charts", "svg", `${directory}/charts`];
  const next = [invocation(), ...words.map(shellWord)].join(" ");
  const where = { report: pageOf(report, directory), next };
  sayWhere(where, json);
  return where;
}

/** What a trial says of its level; the line above it has its own doubts. */
function pointLine({ verdict, reasons }: CapacityPoint): string {
  if (verdict === "noise" || verdict === "generator") return `          → says nothing of the server (${verdict})`;
  return `          → ${[verdict, ...reasons].join(": ")}`;
}

/** A level in the notation that a suite has for it. */
function levelOption(name: "from" | "to", vary: Varied, text: string | undefined): { readonly from?: number; readonly to?: number } {
  if (text === undefined) return {};
  const level = LEVELS[vary].parse(text);
  if (level !== undefined && level > 0) return { [name]: roundLevel(vary, level) };
  throw new UsageError(`--${name} ${text}: expected ${LEVELS[vary].expected}, for --vary ${vary}`);
}
