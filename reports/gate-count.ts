/** Checks of what is wrong however seldom it happens: exact odds of the events of all rounds together. */
import { ALL_ERRORS } from "../load/accepted.ts";
import type { GateArm, GateRound } from "../load/gate-record.ts";
import type { LedgerCounts } from "../load/measurement.ts";
import { judgeTogether } from "./gate-draft.ts";
import type { Draft, Judged } from "./gate-draft.ts";
import type { CountEvidence } from "./gate-report.ts";
import { isEnough, shortageText, VERSIONS } from "./gate-rounds.ts";
import type { PassRounds } from "./gate-rounds.ts";
import { pMoreEvents } from "./ratio.ts";

/** What each check counts in one version's part of a round; `undefined` where that was not had. */
const COUNTS: Readonly<Record<string, (arm: GateArm) => number | undefined>> = {
  messages_lost: ofLedger("lost"),
  messages_duplicated: ofLedger("duplicated"),
  messages_reordered: ofLedger("reordered"),
  messages_corrupt: ofLedger("corrupt"),
  server_fds_leaked: ({ metrics }) => metrics["server_fds_leaked"],
  connections_lost: ({ metrics }) => metrics["connections_lost"],
  // A kind stands in it only where it occurred.
  [ALL_ERRORS]: ({ metrics }) => Object.entries(metrics).reduce((sum, [name, value]) => sum + (name.startsWith("errors.") ? value : 0), 0),
};

/** Names of the counts that every gate checks. */
export const COUNT_METRICS: readonly string[] = Object.keys(COUNTS);

/** One count of a cell; `undefined` where neither version has it. What spoils latencies has lost no message, so every completed round counts. */
export function measureCount(pass: PassRounds, metric: string): Draft<CountEvidence> | undefined {
  const { cell, completed } = pass;
  const countIn = COUNTS[metric]!;
  const having = VERSIONS.filter((version) => completed.some(({ arms }) => countIn(arms[version]) !== undefined));
  if (having.length === 0) return undefined;
  const rounds = completed.filter(({ arms }) => VERSIONS.every((version) => countIn(arms[version]) !== undefined));
  const sum = (version: "base" | "head", of: (arm: GateArm) => number): number =>
    rounds.reduce((total, { arms }: GateRound) => total + of(arms[version]), 0);
  // Descriptors that are fewer in the end than in the beginning have not leaked.
  const events = (arm: GateArm): number => Math.max(0, Math.round(countIn(arm) ?? 0));
  const [base, head] = [sum("base", events), sum("head", events)];
  const expected = ({ ledger }: GateArm): number => ledger.expected;
  const [baseExpected, headExpected] = [sum("base", expected), sum("head", expected)];
  const draft = {
    cell,
    metric,
    evidence: { kind: "count", rounds: rounds.length, base, head, baseExpected, headExpected } as const,
  };
  const [only] = having;
  if (having.length === 1) {
    return { ...draft, invalid: `${only === "base" ? "head" : "base"} has no ${metric} in any round, and ${only!} has` };
  }
  if (baseExpected <= 0 || headExpected <= 0) {
    return { ...draft, invalid: `no delivery was due at ${headExpected <= 0 ? "head" : "base"}` };
  }
  const p = head === 0 ? 1 : pMoreEvents(base, head, headExpected / (baseExpected + headExpected));
  return { ...draft, p, ...(isEnough(rounds.length, pass) ? {} : { invalid: shortageText(pass, rounds) }) };
}

/** All counts of a pass. Head passes without any, and where it has no more than base had for as many deliveries. */
export function judgeCounts(drafts: readonly Draft<CountEvidence>[]): Judged<CountEvidence>[] {
  return judgeTogether(drafts, ({ evidence: { base, head, baseExpected, headExpected } }) =>
    head === 0 || head / headExpected <= base / baseExpected ? "pass" : "inconclusive",
  );
}

function ofLedger(kind: keyof LedgerCounts): (arm: GateArm) => number {
  return ({ ledger }) => ledger[kind];
}
