/** What a gate says: checks with their verdicts, whatever they were judged by. Every output is made of this. */
import type { AcceptedRegression } from "../load/accepted.ts";
import type { GateQuestion } from "../load/gate-record.ts";
import type { Direction } from "../load/metric.ts";
import type { ThresholdResult } from "./threshold.ts";

export const GATE_REPORT_SCHEMA_VERSION = 1;

/** `inconclusive`: the figures do not tell; `invalid`: there are no figures that could be believed. Neither is a pass. */
export type GateVerdict = "pass" | "fail" | "inconclusive" | "invalid";

/** Worst first: what a gate's verdict goes by, and what outputs begin with. */
export const VERDICTS = ["fail", "invalid", "inconclusive", "pass"] as const satisfies readonly GateVerdict[];

/** A check of completed rounds rather than of one of the catalogue's metrics. */
export const ROUNDS_COMPLETED = "rounds_completed";

/** The document that `gate --json` prints. */
export interface GateReport {
  readonly schemaVersion: typeof GATE_REPORT_SCHEMA_VERSION;
  /** Two versions side by side, a run against a stored baseline, or a run against its suite's thresholds. */
  readonly kind: "versions" | "baseline" | "threshold";
  readonly verdict: GateVerdict;
  readonly suite: string;
  /** What is compared with what, as a person would say it; absent for thresholds. */
  readonly compared?: { readonly base: string; readonly head: string };
  readonly question?: GateQuestion;
  /** By cell, in the order in which they were measured. */
  readonly checks: readonly GateCheck[];
  readonly remarks: readonly GateRemark[];
}

/** What holds of the whole gate rather than of a check. */
export interface GateRemark {
  /** What the gate cannot be better than because of it; absent where it is only said. */
  readonly verdict?: "inconclusive" | "invalid";
  readonly text: string;
}

/** One metric of one cell. */
export interface GateCheck {
  readonly server: string;
  readonly scenario: string;
  /** Of the catalogue, `errors.*` for all kinds of errors together, or {@link ROUNDS_COMPLETED}. */
  readonly metric: string;
  readonly unit: string;
  readonly verdict: GateVerdict;
  /** It is shown, and no part of the gate's verdict: a threshold of level `warn`. */
  readonly advisory?: true;
  /** What was found, in a sentence without its full stop. */
  readonly finding: string;
  /** What must be known beside it. */
  readonly notes: readonly string[];
  readonly evidence: Evidence;
  /** Where a regression is accepted and the check counts as passed because of it. */
  readonly accepted?: AcceptedRegression;
}

export type Evidence = RatioEvidence | CountEvidence | ThresholdEvidence | RoundsEvidence;

/** A change of a metric, as shares: 0.1 is 10 % more than base, whichever way is worse. */
export interface RatioEvidence {
  readonly kind: "ratio";
  readonly better: Direction;
  /** δ: what is surely worse by more fails. */
  readonly delta: number;
  /** Δ: what is surely worse by less passes. */
  readonly limit: number;
  /** Rounds, or where it is unpaired trials, that it rests on. */
  readonly rounds: number;
  /** Medians over those rounds; absent where nothing could be estimated, as are all below. */
  readonly base?: number;
  readonly head?: number;
  readonly change?: Change;
  /** P of such a change or a worse one were the true one no worse than δ, Holm's adjustment included. */
  readonly p?: number;
  /** The same by Wilcoxon's test, without adjustment; a cross-check. Absent where it is unpaired. */
  readonly pWilcoxon?: number;
  /** Standard deviation of a round's ln(head / base); absent where it is unpaired. */
  readonly sigma?: number;
  /** Of what is inconclusive: the smallest change for the worse that could have been seen. */
  readonly detectable?: number;
  /** Of what is inconclusive: rounds that a change of Δ would need; absent where no number within reason would do. */
  readonly roundsNeeded?: number;
  /** What the confirmation came to, where there was one. */
  readonly confirmation?: { readonly rounds: number; readonly change?: Change; readonly p?: number };
}

/** With both of its one-sided 95 % bounds. */
export interface Change {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Events that are wrong however few they are. */
export interface CountEvidence {
  readonly kind: "count";
  readonly rounds: number;
  readonly base: number;
  readonly head: number;
  /** Deliveries that were due meanwhile. */
  readonly baseExpected: number;
  readonly headExpected: number;
  /** P of so many of them or more at head were both versions alike, Holm's adjustment included. */
  readonly p?: number;
  readonly confirmation?: { readonly base: number; readonly head: number; readonly p?: number };
}

export interface ThresholdEvidence {
  readonly kind: "threshold";
  readonly result: ThresholdResult;
}

/** How often each version did its part of a round. */
export interface RoundsEvidence {
  readonly kind: "rounds";
  readonly planned: number;
  /** In which both did. */
  readonly completed: number;
  readonly failed: { readonly base: number; readonly head: number };
}

/** The worst of checks and remarks; a gate that has checked nothing is invalid. */
export function verdictOf(checks: readonly Pick<GateCheck, "verdict" | "advisory">[], remarks: readonly GateRemark[]): GateVerdict {
  const verdicts = new Set([
    ...checks.filter(({ advisory }) => advisory !== true).map(({ verdict }) => verdict),
    ...remarks.flatMap(({ verdict }) => verdict ?? []),
  ]);
  return VERDICTS.find((verdict) => verdicts.has(verdict)) ?? "invalid";
}

/** Worst first, and among equals in their own order; what is advisory last of its kind. */
export function worstFirst(checks: readonly GateCheck[]): GateCheck[] {
  const rank = ({ verdict, advisory }: GateCheck): number =>
    VERDICTS.indexOf(verdict) * 2 + (advisory === true && verdict !== "pass" ? 1 : 0);
  return checks.toSorted((a, b) => rank(a) - rank(b));
}
