/** How one version relates to another: changes as logarithms of ratios, counts by their exact odds, and what could have been seen. */
import { tCumulative, tQuantile } from "../load/student-t.ts";
import { mean } from "./statistics.ts";

/** An estimate of ln(head / base). */
export interface LogRatio {
  readonly value: number;
  /** Its standard error; 0 where all repeats agree to the last digit. */
  readonly error: number;
  readonly degreesOfFreedom: number;
}

/** Of pairs that were measured side by side, each value above 0; of two pairs at least, or there is no error to tell: `undefined`. */
export function pairedLogRatio(pairs: readonly (readonly [base: number, head: number])[]): LogRatio | undefined {
  return ofLogs(pairs.map(([base, head]) => Math.log(head / base)));
}

/** Of logarithms of ratios, one a pair. */
export function ofLogs(logs: readonly number[]): LogRatio | undefined {
  if (logs.length < 2) return undefined;
  return { value: mean(logs), error: standardError(deviation(logs), logs.length), degreesOfFreedom: logs.length - 1 };
}

/** Of two runs that were measured apart, by Welch's test on the logarithms; of two values each at least. */
export function unpairedLogRatio(base: readonly number[], head: readonly number[]): LogRatio | undefined {
  if (base.length < 2 || head.length < 2) return undefined;
  const [ofBase, ofHead] = [base.map(Math.log), head.map(Math.log)];
  const [a, b] = [deviation(ofBase) ** 2 / base.length, deviation(ofHead) ** 2 / head.length];
  const value = mean(ofHead) - mean(ofBase);
  if (a + b < 1e-24) return { value, error: 0, degreesOfFreedom: base.length + head.length - 2 };
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (base.length - 1) + b ** 2 / (head.length - 1));
  return { value, error: Math.sqrt(a + b), degreesOfFreedom };
}

/** What rounding leaves of the spread of exact counts, bytes of a delivery say, is none: a ratio is known to twelve digits. */
function standardError(sigma: number, repeats: number): number {
  return sigma < 1e-12 ? 0 : sigma / Math.sqrt(repeats);
}

/** Standard deviation of a sample; 0 of a single value. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** The value below which (or above which) the true one lies with `confidence`, one-sided. */
export function lowerBound({ value, error, degreesOfFreedom }: LogRatio, confidence = 0.95): number {
  return error === 0 ? value : value - tQuantile(confidence, degreesOfFreedom) * error;
}

export function upperBound(ratio: LogRatio, confidence = 0.95): number {
  return 2 * ratio.value - lowerBound(ratio, confidence);
}

/** P of such an estimate or a larger one, were the true one no larger than `limit`. */
export function pAbove({ value, error, degreesOfFreedom }: LogRatio, limit: number): number {
  if (error === 0) return value > limit ? 0 : 1;
  return 1 - tCumulative((value - limit) / error, degreesOfFreedom);
}

/** P of such an estimate or a smaller one, were the true one no smaller than `limit`. */
export function pBelow({ value, error, degreesOfFreedom }: LogRatio, limit: number): number {
  return pAbove({ value: -value, error, degreesOfFreedom }, -limit);
}

/** Holm's adjusted p-values (Scandinavian Journal of Statistics 6, 1979), in the order given. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, at) => at).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = pValues.map(() => 1);
  let least = 0;
  for (const [rank, at] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * pValues[at]!));
    adjusted[at] = least;
  }
  return adjusted;
}

/**
 * P of `head` events or more among those of both, were an event as likely on either side (Przyborowski & Wilenski, Biometrika 31, 1940);
 * `exposure` is head's part of what was at risk.
 */
export function pMoreEvents(base: number, head: number, exposure = 0.5): number {
  const n = base + head;
  let tail = 0;
  for (let k = head, log = logChoose(n, head); k <= n; k++) {
    tail += Math.exp(log + k * Math.log(exposure) + (n - k) * Math.log1p(-exposure));
    log += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, tail);
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) log += Math.log((n - Math.min(k, n - k) + i) / i);
  return log;
}

/**
 * P of such a sum of ranks or a larger one, were the differences symmetric about `limit`: Wilcoxon's signed-rank test (Biometrics Bulletin 1,
 * 1945), exact, ties between them broken by their order. The cross-check of Student's, not what decides (METHOD, the gate).
 */
export function pSignedRank(differences: readonly number[], limit: number): number {
  const shifted = differences.map((difference) => difference - limit).filter((difference) => difference !== 0);
  const ranked = shifted.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  const sum = ranked.reduce((total, difference, at) => total + (difference > 0 ? at + 1 : 0), 0);
  // Of the 2ⁿ ways to give the ranks their signs, the share that has each sum.
  let share = [1];
  for (let rank = 1; rank <= ranked.length; rank++) {
    const next = Array.from({ length: share.length + rank }, () => 0);
    for (const [at, part] of share.entries()) {
      next[at]! += part / 2;
      next[at + rank]! += part / 2;
    }
    share = next;
  }
  return share.slice(sum).reduce((total, part) => total + part, 0);
}

/** Rounds above which nobody would wait. */
const MOST_ROUNDS = 10_000;

/**
 * The smallest change that `rounds` could have told from one of `delta`, where a round's ln(head / base) varies by `sigma`: 0.06 is 6 %
 * (METHOD, the gate).
 */
export function detectableChange(sigma: number, rounds: number, delta: number): number {
  if (rounds < 2) return Infinity;
  return (1 + delta) * Math.exp((2 * tQuantile(0.95, rounds - 1) * sigma) / Math.sqrt(rounds)) - 1;
}

/** Rounds that tell a change of `limit` from one of `delta`; Infinity beyond ten thousand. */
export function roundsFor(sigma: number, delta: number, limit: number): number {
  for (let rounds = 2; rounds <= MOST_ROUNDS; rounds = rounds < 100 ? rounds + 1 : Math.ceil(rounds * 1.02)) {
    if (detectableChange(sigma, rounds, delta) <= limit) return rounds;
  }
  return Infinity;
}
