/**
 * Where a series of results changed its level, and by how much.
 *
 * Where: E-divisive means with α = 1 (Matteson & James, JASA 109, 2014), by hierarchical bisection. Whether: as Hunter does it (Fleming et al.,
 * ICPE 2023), by Student's t between neighbouring segments instead of random permutations, so that the same series has the same answer every
 * time, with a limit for p and a least size; splits are made generously and joined again, the least sure first.
 *
 * On logarithms, for noise grows with what is measured and a change is a ratio. A t-test would take an outlier near an end for a level of its
 * own, hence those are put in line first. The test's simulations say how often it is wrong: of a hundred series of a hundred points without
 * a change it sees one in one or two.
 */
import type { Estimate } from "../load/measurement.ts";
import { tCumulative } from "../load/student-t.ts";
import { withoutOutliers } from "./outliers.ts";
import { deviation, lowerBound, upperBound } from "./ratio.ts";
import type { LogRatio } from "./ratio.ts";
import { mean } from "./statistics.ts";

/** A level has so many points at least: two could be one outlier and its neighbour. */
export const LEAST_SEGMENT = 3;

/** Series shorter than that have no change points. */
export const LEAST_POINTS = 2 * LEAST_SEGMENT;

export interface ChangePoint {
  /** Place of the first value of the new level. */
  readonly at: number;
  /** What the level after it is more than the one before, as a share: 0.06 is 6 % more. With its 95 % interval. */
  readonly change: Estimate;
  /** Two-sided, of Student's t between the two levels; not adjusted for the choice of the place. */
  readonly p: number;
}

export interface ChangeLimits {
  /** The largest p of a change, times the points of the series (Bonferroni), for the best of so many places was chosen. */
  readonly p: number;
  /** The least ratio of two levels, as a share: that of the gate's δ. */
  readonly size: number;
}

export const CHANGE_LIMITS: ChangeLimits = { p: 0.01, size: 0.03 };

/** A split may be so much less sure at first: what hides a change in half of a series may go with a later split. */
const GENEROSITY = 10;

/** In the order of the series; `values` are above 0, in the order of time. Takes O(n²) time a level of bisection, and O(n²) memory. */
export function changePoints(values: readonly number[], limits: ChangeLimits = CHANGE_LIMITS): ChangePoint[] {
  const wrong = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`a ratio of levels needs values above 0, and one is ${wrong}`);
  if (values.length < LEAST_POINTS) return [];
  const logs = withoutOutliers(values.map(Math.log));
  const adjusted = { ...limits, p: limits.p / values.length };
  const splits = bisect(logs, adjusted);
  joinUnsure(logs, splits, adjusted);
  settle(logs, splits);
  joinUnsure(logs, splits, adjusted);
  return splits.map((at, i) => {
    const ratio = ratioAt(logs, besides(splits, i, logs.length));
    const share = (log: number): number => Math.expm1(log);
    return {
      at,
      change: { value: share(ratio.value), low: share(lowerBound(ratio, 0.975)), high: share(upperBound(ratio, 0.975)) },
      p: pOf(ratio),
    };
  });
}

/** A place and the two ends that what stands before and after it reaches to. */
type Split = readonly [from: number, at: number, to: number];

/** A split with its neighbours, or the ends of the series. */
function besides(splits: readonly number[], i: number, count: number): Split {
  return [splits[i - 1] ?? 0, splits[i]!, splits[i + 1] ?? count];
}

function bisect(logs: readonly number[], { p }: ChangeLimits): number[] {
  const within = distancesWithin(logs);
  const splits: number[] = [];
  const segments: (readonly [from: number, to: number])[] = [[0, logs.length]];
  for (let segment = segments.pop(); segment !== undefined; segment = segments.pop()) {
    const [from, to] = segment;
    const split = mostDivergent(within, logs.length, from, to);
    if (split === undefined || pOf(ratioAt(logs, split)) > p * GENEROSITY) continue;
    splits.push(split[1]);
    segments.push([from, split[1]], [split[1], to]);
  }
  return splits.sort((a, b) => a - b);
}

/** Takes away the least sure of those that are not sure, then those that are too small, each time with what that makes of its neighbours. */
function joinUnsure(logs: readonly number[], splits: number[], { p, size }: ChangeLimits): void {
  const limits: readonly ((ratio: LogRatio) => number)[] = [(ratio) => pOf(ratio) - p, (ratio) => Math.log1p(size) - Math.abs(ratio.value)];
  for (const excess of limits) {
    for (;;) {
      const excesses = splits.map((_, i) => excess(ratioAt(logs, besides(splits, i, logs.length))));
      const worst = excesses.indexOf(Math.max(...excesses));
      if (worst < 0 || excesses[worst]! <= 0) break;
      splits.splice(worst, 1);
    }
  }
}

/** Puts each split where the squares about the two levels beside it are least: the energy statistic has it a point or two beside more often. */
function settle(logs: readonly number[], splits: number[]): void {
  for (const i of splits.keys()) {
    const [from, to] = [splits[i - 1] ?? 0, splits[i + 1] ?? logs.length];
    let least = Infinity;
    for (let at = from + LEAST_SEGMENT; at <= to - LEAST_SEGMENT; at++) {
      const squares = squaresAbout(logs.slice(from, at)) + squaresAbout(logs.slice(at, to));
      if (squares < least) [least, splits[i]] = [squares, at];
    }
  }
}

/**
 * The place in `[from, to)`, and the end of what is compared behind it, where the two sides diverge most, by the scaled energy statistic
 * (formulas 5 and 7 of Matteson & James). The end is free, or a level that is left again would be compared with all that follows.
 */
function mostDivergent(within: Float64Array, count: number, from: number, to: number): Split | undefined {
  const sum = (a: number, b: number): number => within[a * (count + 1) + b]!;
  let best: Split | undefined;
  let most = -Infinity;
  for (let at = from + LEAST_SEGMENT; at <= to - LEAST_SEGMENT; at++) {
    const m = at - from;
    const before = sum(from, at);
    for (let end = at + LEAST_SEGMENT; end <= to; end++) {
      const n = end - at;
      const after = sum(at, end);
      const across = sum(from, end) - before - after;
      const energy = (2 * across) / (m * n) - (2 * before) / (m * (m - 1)) - (2 * after) / (n * (n - 1));
      const scaled = ((m * n) / (m + n)) * energy;
      if (scaled > most) [most, best] = [scaled, [from, at, end]];
    }
  }
  return best;
}

/** Sums of |x − y| over the pairs of each stretch `[a, b)`, at `a · (n + 1) + b`. */
function distancesWithin(values: readonly number[]): Float64Array {
  const width = values.length + 1;
  const sums = new Float64Array(width * width);
  for (let b = 2; b <= values.length; b++) {
    let toLast = 0;
    for (let a = b - 2; a >= 0; a--) {
      toLast += Math.abs(values[a]! - values[b - 1]!);
      sums[a * width + b] = sums[a * width + b - 1]! + toLast;
    }
  }
  return sums;
}

/** Between two neighbouring segments, by Student's t with a pooled deviation: Welch's cannot judge a level of three points. */
function ratioAt(logs: readonly number[], [from, at, to]: Split): LogRatio {
  const [before, after] = [logs.slice(from, at), logs.slice(at, to)];
  const degreesOfFreedom = before.length + after.length - 2;
  const pooled = Math.sqrt((squaresAbout(before) + squaresAbout(after)) / degreesOfFreedom);
  // What rounding leaves of the spread of exact counts is none.
  const error = pooled < 1e-12 ? 0 : pooled * Math.sqrt(1 / before.length + 1 / after.length);
  return { value: mean(after) - mean(before), error, degreesOfFreedom };
}

/** Sum of the squares of what the values are away from their mean. */
function squaresAbout(values: readonly number[]): number {
  return (values.length - 1) * deviation(values) ** 2;
}

function pOf({ value, error, degreesOfFreedom }: LogRatio): number {
  if (error === 0) return Math.abs(value) < 1e-12 ? 1 : 0;
  return 2 * tCumulative(-Math.abs(value) / error, degreesOfFreedom);
}
