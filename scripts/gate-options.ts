/** The flags of `pushbench gate`, and what they make of the question. */
import { Option } from "commander";
import type { Command } from "commander";
import type { GateQuestion } from "../load/gate-record.ts";
import { isMetricName, METRICS } from "../load/metric.ts";
import { nearest } from "../load/nearest.ts";
import { present } from "../load/present.ts";
import { UsageError } from "../load/usage-error.ts";
import type { GateOutputFlags } from "./gate-outputs.ts";
import { GATE_QUESTION } from "./gate-question.ts";
import { countOption, durationOption, namesOption, option, percentOption } from "./option.ts";

export interface GateFlags extends GateOutputFlags {
  readonly base?: string;
  readonly head: string;
  readonly prepare?: string;
  readonly server?: readonly string[];
  readonly scenario?: readonly string[];
  readonly rounds?: number;
  readonly delta?: number;
  readonly limit?: number;
  readonly latencyDelta?: number;
  readonly latencyLimit?: number;
  readonly metrics?: readonly string[];
  readonly mode: "auto" | "interleaved" | "duet";
  readonly budget: number;
  readonly seed?: number;
  /** `false` where `--no-confirm` was given. */
  readonly confirm: boolean;
  readonly baseline?: string;
  readonly saveBaseline?: string;
  readonly anyMachine?: boolean;
  readonly noiseFile?: string;
  readonly accepted?: string;
  readonly allowInconclusive?: boolean;
  readonly out?: string;
}

/** Confirmation included: what a job of a CI has for it. */
const BUDGET_MS = 20 * 60_000;
const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;

export function withGateFlags(command: Command): Command {
  const { rounds, delta, limit, latencyDelta, latencyLimit } = GATE_QUESTION;
  return command
    .addOption(option("--base <version>", "what to compare with: a git ref, a folder, or a command that starts the server"))
    .addOption(option("--head <version>", "what is judged, likewise").default("."))
    .addOption(option("--prepare <command>", "run in each checkout and folder first (default: npm ci where the lockfile differs)"))
    .addOption(namesOption("--server <names...>", "only these servers of the suite, or others"))
    .addOption(namesOption("--scenario <names...>", "only these scenarios of the suite"))
    .addOption(countOption("--rounds <count>", `rounds of each server (default: ${rounds})`, 2, 1000))
    .addOption(percentOption("--delta <percent>", `what is surely worse by more fails (default: ${percent(delta)})`, 0.001, 10))
    .addOption(percentOption("--limit <percent>", `what is surely worse by less passes (default: ${percent(limit)})`, 0.001, 10))
    .addOption(percentOption("--latency-delta <percent>", `the same of latencies (default: ${percent(latencyDelta)})`, 0.001, 10))
    .addOption(percentOption("--latency-limit <percent>", `the same of latencies (default: ${percent(latencyLimit)})`, 0.001, 10))
    .addOption(namesOption("--metrics <names...>", `what is gated beside the counts (default: ${GATE_QUESTION.metrics.join(", ")})`))
    .addOption(
      option("--mode <mode>", "one version after the other in turns, both at once, or as the neighbours have it")
        .choices(["auto", "interleaved", "duet"])
        .default("auto"),
    )
    .addOption(durationOption("--budget <duration>", "no round is begun that would end later", 1000).default(BUDGET_MS, "20m"))
    .addOption(countOption("--seed <number>", "seed of order and chance, over the suite's", 0, 0xffff_ffff))
    .addOption(new Option("--no-confirm", "fail at once: no second rounds for what failed").env("PUSHBENCH_NO_CONFIRM"))
    .addOption(option("--baseline <file>", "judge a saved run against this file; for machines of their own"))
    .addOption(option("--save-baseline <file>", "write the saved run down as a baseline"))
    .addOption(option("--any-machine", "take a baseline of another machine too"))
    .addOption(option("--noise-file <file>", "where `doctor --noise` keeps what it measured"))
    .addOption(option("--accepted <file>", "regressions that are accepted: server, metric, reason, expires; YAML"))
    .addOption(option("--allow-inconclusive", "end with 0 where the figures do not tell"))
    .addOption(option("--out <folder>", "where the rounds go (default: results/<utc>-gate-<suite>)"))
    .addOption(option("--json", "print the report as one JSON document"))
    .addOption(option("--markdown <file>", "write a pull request's comment"))
    .addOption(option("--junit <file>", "write JUnit XML"))
    .addOption(option("--github-benchmark <file>", "write JSON for github-action-benchmark"))
    .addOption(option("--csv <file>", "write a table"));
}

/** The question with what was asked for; throws {@link UsageError} where it makes no sense. */
export function questionOf(flags: GateFlags): GateQuestion {
  const question: GateQuestion = {
    rounds: flags.rounds ?? GATE_QUESTION.rounds,
    delta: flags.delta ?? GATE_QUESTION.delta,
    limit: flags.limit ?? GATE_QUESTION.limit,
    latencyDelta: flags.latencyDelta ?? GATE_QUESTION.latencyDelta,
    latencyLimit: flags.latencyLimit ?? GATE_QUESTION.latencyLimit,
    metrics: flags.metrics ?? GATE_QUESTION.metrics,
    ...present({ watched: GATE_QUESTION.watched }),
  };
  mustBeBelow("delta", question.delta, "limit", question.limit);
  mustBeBelow("latency-delta", question.latencyDelta, "latency-limit", question.latencyLimit);
  for (const metric of question.metrics) {
    if (!isMetricName(metric)) {
      const near = nearest(metric, [...METRICS.keys()]);
      throw new UsageError(
        `--metrics: unknown metric "${metric}"${near === undefined ? "" : `; did you mean "${near}"?`} \`pushbench list\` shows all of them`,
      );
    }
    if (METRICS.get(metric)?.better === "none")
      throw new UsageError(`--metrics: neither more nor less of ${metric} is worse: it cannot be gated`);
  }
  return question;
}

function mustBeBelow(lower: string, low: number, upper: string, high: number): void {
  if (low >= high)
    throw new UsageError(`--${lower} ${percent(low)} is to be below --${upper} ${percent(high)}: between them a gate does not tell`);
}
