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

/** Standard deviation of a sample (n − 1). */
export function standardDeviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
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
 * Median with its interval: t on the logarithms of six and more positive values, which is the interval of their geometric mean
 * (METHOD R9); the range where there are fewer, or where a value is not positive.
 */
export function spread(values: readonly number[]): Spread {
  const middle = median(values);
  if (values.length === 1) return { median: middle, low: middle, high: middle, interval: "none" };
  if (values.length < REPEATS_FOR_INTERVAL || values.some((value) => value <= 0)) {
    return { median: middle, low: Math.min(...values), high: Math.max(...values), interval: "range" };
  }
  const logs = values.map(Math.log);
  const center = mean(logs);
  const half = (tQuantile(0.975, logs.length - 1) * standardDeviation(logs)) / Math.sqrt(logs.length);
  return { median: middle, low: Math.exp(center - half), high: Math.exp(center + half), interval: "95%" };
}

/** Quantile of Student's t for `p` in [0.5, 1), by bisection of its distribution function; good to nine digits. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  let low = 0;
  let high = 1;
  while (tCumulative(high, degreesOfFreedom) < p) high *= 2;
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2;
    if (tCumulative(middle, degreesOfFreedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * P(T ≤ t) for t ≥ 0 and a whole number of degrees of freedom: the finite sums 26.7.3 and 26.7.4 of Abramowitz & Stegun.
 */
function tCumulative(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom));
  const cosine = Math.cos(angle);
  const odd = degreesOfFreedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degreesOfFreedom - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const inside = odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return (1 + inside) / 2;
}
