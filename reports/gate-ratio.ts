/** Checks of how much a metric changed, from rounds in which both versions ran side by side (METHOD, the gate). */
import { VERSIONS } from "../load/gate-record.ts";
import type { GateArm, GateQuestion, GateRound, VersionName } from "../load/gate-record.ts";
import { METRICS } from "../load/metric.ts";
import type { Draft, Judged } from "./gate-draft.ts";
import { judgeTogether } from "./gate-draft.ts";
import { isEnough, isLatency, shortageText, usable } from "./gate-rounds.ts";
import type { PassRounds } from "./gate-rounds.ts";
import type { Change, RatioEvidence } from "./gate-report.ts";
import { detectableChange, lowerBound, ofLogs, pAbove, pSignedRank, roundsFor } from "./ratio.ts";
import type { LogRatio } from "./ratio.ts";
import { mean, median } from "./statistics.ts";

/** δ and Δ of a metric. */
export function boundsOf(
  { delta, limit, latencyDelta, latencyLimit }: GateQuestion,
  metric: string,
): Pick<RatioEvidence, "delta" | "limit"> {
  return isLatency(metric) ? { delta: latencyDelta, limit: latencyLimit } : { delta, limit };
}

/** One metric of a cell; `undefined` where neither version has it, polling's requests on a push transport say. */
export function measureRatio(pass: PassRounds, metric: string, question: GateQuestion): Draft<RatioEvidence> | undefined {
  const { cell, completed } = pass;
  const better = METRICS.get(metric)?.better ?? "none";
  const bounds = boundsOf(question, metric);
  const having = VERSIONS.filter((version) => completed.some(({ arms }) => valueOf(arms[version], metric) !== undefined));
  if (having.length === 0) return undefined;
  const used = usable(pass, metric).filter((round) => pairOf(round, metric) !== undefined);
  const values = used.map((round) => pairOf(round, metric)!);
  const rounds = values.length;
  const unjudged = (invalid: string): Draft<RatioEvidence> => ({
    cell,
    metric,
    evidence: { kind: "ratio", better, ...bounds, rounds },
    invalid,
  });
  if (better === "none") return unjudged(`neither more nor less of ${metric} is worse: it cannot be gated`);
  const [only] = having;
  if (having.length === 1) return unjudged(`${other(only!)} has no ${metric} in any round, and ${only!} has`);
  if (!isEnough(rounds, pass)) return unjudged(shortageText(pass, used, metric));
  const ratio = ofLogs(values.map(({ log }) => log));
  if (ratio === undefined) return unjudged("a single round has no spread to judge a change by: two are needed at least");
  const worse = better === "higher" ? negative(ratio) : ratio;
  const worseLogs = values.map(({ log }) => (better === "higher" ? -log : log));
  const delta = Math.log1p(bounds.delta);
  const evidence: RatioEvidence = {
    kind: "ratio",
    better,
    ...bounds,
    rounds,
    base: median(values.map(({ base }) => base)),
    head: median(values.map(({ head }) => head)),
    change: changeOf(ratio),
    pWilcoxon: pSignedRank(worseLogs, delta),
    sigma: ratio.error * Math.sqrt(rounds),
  };
  return { cell, metric, evidence, p: pAbove(worse, delta) };
}

/** All ratios of a pass; those that cannot be told come with what could have been. */
export function judgeRatios(drafts: readonly Draft<RatioEvidence>[]): Judged<RatioEvidence>[] {
  return judgeTogether(drafts, ({ evidence }) => (isSurelySmall(evidence) ? "pass" : "inconclusive")).map((judged) =>
    judged.verdict === "inconclusive" ? { ...judged, evidence: { ...judged.evidence, ...whatCouldBeSeen(judged.evidence) } } : judged,
  );
}

/** Whether the bound on the worse side is within Δ. */
export function isSurelySmall({ change, better, limit }: RatioEvidence): boolean {
  if (change === undefined) return false;
  return better === "higher" ? 1 / (1 + change.low) < 1 + limit : change.high < limit;
}

/** As shares, with the one-sided 95 % bounds. */
export function changeOf(ratio: LogRatio): Change {
  const low = lowerBound(ratio);
  // As far from the estimate as the other: to look up t takes longer than all the rest.
  return { estimate: Math.expm1(ratio.value), low: Math.expm1(low), high: Math.expm1(2 * ratio.value - low) };
}

export function negative(ratio: LogRatio): LogRatio {
  return { ...ratio, value: -ratio.value };
}

/** What JSON cannot hold, no number of rounds, is absent. */
function whatCouldBeSeen({ sigma, rounds, delta, limit }: RatioEvidence): Pick<RatioEvidence, "detectable" | "roundsNeeded"> {
  if (sigma === undefined) return {};
  const [detectable, roundsNeeded] = [detectableChange(sigma, rounds, delta), roundsFor(sigma, delta, limit)];
  return {
    ...(Number.isFinite(detectable) ? { detectable } : {}),
    ...(Number.isFinite(roundsNeeded) ? { roundsNeeded } : {}),
  };
}

export interface Pair {
  readonly base: number;
  readonly head: number;
  readonly log: number;
}

/** The metric by slices that both versions have it in, else of the whole round; `undefined` where one of them has it in neither. */
export function pairOf({ arms }: GateRound, metric: string): Pair | undefined {
  const slices = arms.base.slices.flatMap((slice, at) => {
    const [base, head] = [ratioable(slice[metric]), ratioable(arms.head.slices[at]?.[metric])];
    return base === undefined || head === undefined ? [] : [{ base, head, log: Math.log(head / base) }];
  });
  if (slices.length > 0) {
    return {
      base: mean(slices.map((slice) => slice.base)),
      head: mean(slices.map((slice) => slice.head)),
      log: mean(slices.map(({ log }) => log)),
    };
  }
  const [base, head] = [ratioable(arms.base.metrics[metric]), ratioable(arms.head.metrics[metric])];
  return base === undefined || head === undefined ? undefined : { base, head, log: Math.log(head / base) };
}

/** Any of the values of a metric in one version. */
function valueOf({ slices, metrics }: GateArm, metric: string): number | undefined {
  return [...slices.map((slice) => slice[metric]), metrics[metric]].find((value) => ratioable(value) !== undefined);
}

/** A value that has a ratio; a slope that chance made negative has none. */
function ratioable(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function other(version: VersionName): VersionName {
  return version === "base" ? "head" : "base";
}
