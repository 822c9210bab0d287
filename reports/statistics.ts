/** Statistics of repeated values: medians, quantiles, and the interval that METHOD R9 allows. */

/** What `low` and `high` of a {@link Spread} are: nothing for one value, the range of few, a confidence interval of six and more. */
export type IntervalKind = "none" | "range" | "95%";

/** Several values of one figure in short. With `interval: "none"`, `low` and `high` are the value itself. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly interval: IntervalKind;
}

/** Repeats from which on an interval is given; fewer have their range (METHOD R9). */
export const REPEATS_FOR_INTERVAL = 6;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Quantile `q` in [0, 1] by linear interpolation (type 7 of Hyndman & Fan, 1996); throws on an empty list. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError("no quantile of an empty list");
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Median with its interval: from six values on the one of 95 % for the median, whatever the distribution is; the range where there are fewer.
 *
 * It lies between two order statistics, interpolated (Hettmansperger & Sheather, Statistics & Probability Letters 4, 1986). METHOD R9
 * has t on the logarithms, which is a tenth narrower, is about another centre than the median that is shown, and covers it in 87 to
 * 93 of 100 only where trials have a tail or two modes.
 */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = median(sorted);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (sorted.length === 1) return { median: middle, low: least, high: most, interval: "none" };
  if (sorted.length < REPEATS_FOR_INTERVAL) return { median: middle, low: least, high: most, interval: "range" };
  const { rank, inward } = intervalRank(sorted.length, 0.95);
  const between = (outer: number, inner: number): number => (1 - inward) * outer + inward * inner;
  return {
    median: middle,
    low: between(sorted[rank - 1]!, sorted[rank]!),
    high: between(sorted.at(-rank)!, sorted.at(-rank - 1)!),
    interval: "95%",
  };
}

/** Closer than this, as a share, two medians are the same. */
export const SAME = 0.03;

/** By more than chance or a trifle: the medians are not the same, and the intervals, where both have one, do not overlap. */
export function isLess(a: Spread, b: Spread): boolean {
  if (a.median >= b.median * (1 - SAME)) return false;
  return a.interval === "none" || b.interval === "none" || a.high < b.low;
}

/** Which value from either end begins the interval of the median of `n`, and what part of the way to the next one further in. */
function intervalRank(n: number, confidence: number): { readonly rank: number; readonly inward: number } {
  let rank = 1;
  while (coverage(n, rank + 1) >= confidence) rank++;
  const [outer, inner] = [coverage(n, rank), coverage(n, rank + 1)];
  const part = (outer - confidence) / (outer - inner);
  return { rank, inward: ((n - rank) * part) / (rank + (n - 2 * rank) * part) };
}

/** How often the median of the distribution lies between value `rank` from below and value `rank` from above, of `n`. */
function coverage(n: number, rank: number): number {
  let outside = 0;
  for (let k = 0, choose = 1; k < rank; choose = (choose * (n - k)) / ++k) outside += choose;
  return 1 - (2 * outside) / 2 ** n;
}
