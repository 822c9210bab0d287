/** Which rounds of a cell can be used for what: a version that failed in one, and what makes its figures wrong, spoil it. */
import { VERSIONS } from "../load/gate-record.ts";
import type { GateCell, GateRound, SavedGate, VersionName } from "../load/gate-record.ts";
import type { Failure } from "../load/measurement.ts";
import { METRICS } from "../load/metric.ts";
import { counted } from "./figure-text.ts";
import { listed } from "./listed.ts";

/**
 * Codes of what machine and generator did: two versions that run side by side share it, so it leaves their ratios of cost as they are, and
 * spoils only how late deliveries came.
 */
const SPOILS_LATENCY_ONLY: ReadonlySet<string> = new Set([
  "host_steal",
  "foreign_load",
  "cgroup_throttled",
  "publisher_late",
  "probe_saturated",
  "probes_queue",
  "population_inflated",
  "generator_waits_for_core",
  "not_steady",
  "samples_missing",
]);

/** Failures that say something of the version: a process of the generator that ended, or a Ctrl-C, is none of its doing. */
const OF_THE_VERSION: ReadonlySet<Failure["kind"]> = new Set(["target", "server-exit", "connect"]);

/** A part of the planned rounds that has to be left. */
const ENOUGH = 2 / 3;

/** The rounds of one cell in one pass. */
export interface PassRounds {
  readonly cell: GateCell;
  readonly planned: number;
  readonly made: readonly GateRound[];
  /** Those in which both versions did their part. */
  readonly completed: readonly GateRound[];
}

export function roundsOf({ record, rounds }: SavedGate, cell: GateCell, pass: GateRound["pass"]): PassRounds {
  const made = rounds.filter((round) => round.pass === pass && round.server === cell.server && round.scenario === cell.scenario.name);
  const completed = made.filter(({ arms }) => VERSIONS.every((version) => arms[version].status === "complete"));
  return { cell, planned: record.question.rounds, made, completed };
}

/** Whether so many of the planned rounds bear a verdict. */
export function isEnough(rounds: number, { planned }: Pick<PassRounds, "planned">): boolean {
  return rounds >= Math.ceil(planned * ENOUGH);
}

/** Completed rounds whose figures of this metric can be believed. */
export function usable({ completed }: PassRounds, metric: string): GateRound[] {
  return completed.filter((round) => spoilingCodes(round, metric).length === 0);
}

/** How often each version failed by its own doing, and the first message of each. */
export function failuresOf({ made }: PassRounds, version: VersionName): { readonly count: number; readonly message: string } {
  const failures = made.flatMap(({ arms }) => arms[version].failure ?? []).filter(({ kind }) => OF_THE_VERSION.has(kind));
  return { count: failures.length, message: failures[0]?.message ?? "" };
}

/** `only 4 of 12 rounds can be used: 5 spoiled by clock_error (…), 2 in which head failed (…) and 1 not made`. */
export function shortageText(pass: PassRounds, used: readonly GateRound[], metric?: string): string {
  const causes = new Map<string, { count: number; readonly example: string }>();
  for (const round of pass.made.filter((made) => !used.includes(made))) {
    const [cause, example] = causeOf(round, metric);
    const known = causes.get(cause);
    if (known === undefined) causes.set(cause, { count: 1, example });
    else known.count++;
  }
  const missing = pass.planned - pass.made.length;
  const parts = [
    ...[...causes].map(([cause, { count, example }]) => `${count} ${cause}${example === "" ? "" : ` (${example})`}`),
    ...(missing > 0 ? [`${missing} not made`] : []),
  ];
  return `only ${used.length} of ${counted(pass.planned, "round")} can be used${parts.length === 0 ? "" : `: ${listed(parts)}`}`;
}

/** Why a round was left out, and how it was said there. */
function causeOf(round: GateRound, metric: string | undefined): readonly [cause: string, example: string] {
  const broken = VERSIONS.find((version) => round.arms[version].status !== "complete");
  if (broken !== undefined) {
    const { status, failure } = round.arms[broken];
    return [`in which ${broken} ${status === "failed" ? "failed" : "was interrupted"}`, failure?.message ?? ""];
  }
  const [reason] = metric === undefined ? [] : spoilingCodes(round, metric);
  return reason === undefined ? ["without a value", ""] : [`spoiled by ${reason.code}`, reason.message];
}

function spoilingCodes({ arms }: GateRound, metric: string): readonly { readonly code: string; readonly message: string }[] {
  return VERSIONS.flatMap((version) => arms[version].reasons).filter(
    ({ severity, code }) => severity === "invalid" && (isLatency(metric) || !SPOILS_LATENCY_ONLY.has(code)),
  );
}

/** Times that something took, however late: of them the machine takes its share. */
export function isLatency(metric: string): boolean {
  return METRICS.get(metric)?.unit === "ms";
}
