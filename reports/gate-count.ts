/** Checks of what is wrong however seldom it happens: exact odds of the events of all rounds together. */
import { ALL_ERRORS } from "../load/accepted.ts";
import { VERSIONS } from "../load/gate-record.ts";
import type { GateArm, GateRound } from "../load/gate-record.ts";
import type { LedgerCounts } from "../load/measurement.ts";
import { judgeTogether } from "./gate-draft.ts";
import type { Draft, Judged } from "./gate-draft.ts";
import type { CountEvidence } from "./gate-report.ts";
import { isEnough, shortageText } from "./gate-rounds.ts";
import type { PassRounds } from "./gate-rounds.ts";
import { pMoreEvents } from "./ratio.ts";

/** What was measured of a version: in its part of a round, or in a trial. */
export type Counted = Pick<GateArm, "metrics" | "ledger">;

/** What each check counts; `undefined` where that was not had. */
const COUNTS: Readonly<Record<string, (measured: Counted) => number | undefined>> = {
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
  const having = VERSIONS.filter((version) => completed.some(({ arms }) => countOf(arms[version], metric) !== undefined));
  if (having.length === 0) return undefined;
  const rounds = completed.filter(({ arms }) => VERSIONS.every((version) => countOf(arms[version], metric) !== undefined));
  const sum = (version: "base" | "head", of: (arm: GateArm) => number): number =>
    rounds.reduce((total, { arms }: GateRound) => total + of(arms[version]), 0);
  const events = (arm: GateArm): number => countOf(arm, metric) ?? 0;
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
  return { ...draft, p: pMore(draft.evidence), ...(isEnough(rounds.length, pass) ? {} : { invalid: shortageText(pass, rounds) }) };
}

/** Events of that kind; `undefined` where it was not had. Descriptors that are fewer in the end than in the beginning have not leaked. */
export function countOf(measured: Counted, metric: string): number | undefined {
  const count = COUNTS[metric]?.(measured);
  return count === undefined ? undefined : Math.max(0, Math.round(count));
}

/** P of so many or more at head, were both alike; something must have been due to either. */
export function pMore({ base, head, baseExpected, headExpected }: CountEvidence): number {
  return head === 0 ? 1 : pMoreEvents(base, head, headExpected / (baseExpected + headExpected));
}

/** All counts of a pass. Head passes without any, and where it has no more than base had for as many deliveries. */
export function judgeCounts(drafts: readonly Draft<CountEvidence>[]): Judged<CountEvidence>[] {
  return judgeTogether(drafts, ({ evidence: { base, head, baseExpected, headExpected } }) =>
    head === 0 || head / headExpected <= base / baseExpected ? "pass" : "inconclusive",
  );
}

function ofLedger(kind: keyof LedgerCounts): (measured: Counted) => number {
  return ({ ledger }) => ledger[kind];
}
