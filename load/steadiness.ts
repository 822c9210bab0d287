/** Is a server steady? CPU time per delivery, second by second (METHOD R8; Barrett et al., OOPSLA '17); pure. */
import type { Estimate, Steadiness } from "./measurement.ts";
import { tQuantile } from "./student-t.ts";

/** A whole second and what a delivery cost the server in it. */
export interface CpuSecond {
  readonly atSecond: number;
  readonly cpuUsPerDelivery: number;
}

export const STEADINESS = {
  /** With fewer seconds a slope must be so steep to show that "steady" would say nothing. */
  leastSeconds: 6,
  /** How far the first and the last third may differ. */
  change: 0.05,
} as const;

/**
 * Whether the values of a phase of `seconds` whole seconds, of which some may be missing, are steady: the slope of ln(CPU time per
 * delivery) has a 95 % interval that contains 0, and the first and last third do not differ by more than 5 %.
 *
 * Both are held to their own noise, or it would be noise that is judged. Seconds differ by 3 to 10 % where nothing changes, and thirds
 * of ten such seconds by more than 5 % in 4 to 54 of 100 cases: so the thirds must differ by 5 % beyond their 95 % interval. Where one
 * second is like the one before, there are fewer independent ones than it seems: the interval of the slope is widened by the correlation
 * of neighbours in what the line leaves (effective sample size: Bence, Ecology 76, 1995), to which 1/n is added for its bias.
 *
 * `steadiness.test.ts` holds it to what comes of that: of flat series it flags at most 7 in 100, 12 where neighbours correlate by 0.3.
 */
export function steadinessOf(values: readonly CpuSecond[], seconds: number): Steadiness {
  const known = values.length;
  if (known < STEADINESS.leastSeconds) return { verdict: seconds < STEADINESS.leastSeconds ? "too-short" : "no-data", seconds: known };
  const at = values.map(({ atSecond }) => atSecond);
  const logs = values.map(({ cpuUsPerDelivery }) => Math.log(cpuUsPerDelivery));
  const slope = slopeOf(at, logs);
  const { firstLog, lastLog, difference } = thirdsOf(logs);
  const change = { value: Math.expm1(difference.value), low: Math.expm1(difference.low), high: Math.expm1(difference.high) };
  const holds = slope.low <= 0 && slope.high >= 0 && difference.low <= LARGEST_LOG && difference.high >= -LARGEST_LOG;
  return {
    verdict: holds ? "steady" : "not-steady",
    seconds: known,
    slope,
    firstThirdUs: Math.exp(firstLog),
    lastThirdUs: Math.exp(lastLog),
    change,
  };
}

/** Up by 5 % and back down again are equally far. */
const LARGEST_LOG = Math.log(1 + STEADINESS.change);

/** Least squares, with the 95 % interval of its slope; of three points and more. */
export function slopeOf(x: readonly number[], y: readonly number[]): Estimate {
  const n = x.length;
  const [centerX, centerY] = [mean(x), mean(y)];
  const spreadX = sum(x.map((value) => (value - centerX) ** 2));
  const value = sum(x.map((each, i) => (each - centerX) * (y[i]! - centerY))) / spreadX;
  const left = y.map((each, i) => each - centerY - value * (x[i]! - centerX));
  const squares = sum(left.map((each) => each ** 2));
  const error = Math.sqrt(squares / (n - 2) / spreadX);
  return around(value, tQuantile(0.975, n - 2) * error * widening(left, squares));
}

/** What neighbours that are alike add to the standard error; 1 where they are not. */
function widening(left: readonly number[], squares: number): number {
  if (squares === 0) return 1;
  const correlation = sum(left.map((each, i) => each * (left[i - 1] ?? 0))) / squares + 1 / left.length;
  const bounded = Math.min(0.9, Math.max(0, correlation));
  return Math.sqrt((1 + bounded) / (1 - bounded));
}

/** Means of the first and last third, and their difference by the noise within all three. */
function thirdsOf(logs: readonly number[]): { readonly firstLog: number; readonly lastLog: number; readonly difference: Estimate } {
  const length = Math.floor(logs.length / 3);
  const thirds = [logs.slice(0, length), logs.slice(length, -length), logs.slice(-length)];
  const squares = sum(thirds.map((third) => sum(third.map((each) => (each - mean(third)) ** 2))));
  const degrees = logs.length - thirds.length;
  const error = Math.sqrt((squares / degrees) * (2 / length));
  const [firstLog, , lastLog] = thirds.map(mean) as [number, number, number];
  return { firstLog, lastLog, difference: around(lastLog - firstLog, tQuantile(0.975, degrees) * error) };
}

function around(value: number, half: number): Estimate {
  return { value, low: value - half, high: value + half };
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
