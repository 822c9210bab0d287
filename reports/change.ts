/** One metric on one cell of two runs: how it changed, how sure that is, and what may be said of it. */
import { METRICS } from "../load/metric.ts";
import type { Direction } from "../load/metric.ts";
import { tQuantile } from "../load/student-t.ts";
import { countOdds, isCount } from "./count-odds.ts";
import type { Exposure } from "./count-odds.ts";
import { deviation, lowerBound, pAbove, pBelow, unpairedLogRatio, upperBound } from "./ratio.ts";
import type { MetricSummary } from "./summary.ts";

/** `unsure` is shown as `~`: the runs do not tell. */
export type ChangeVerdict = "better" | "worse" | "same" | "unsure";

/** Two-sided confidence of every interval here. */
export const CONFIDENCE = 0.95;
const BOUND = (1 + CONFIDENCE) / 2;

/** Trials above which nobody would wait. */
const MOST_TRIALS = 10_000;

/** A metric of the cell in one run. */
export interface ChangeSide extends MetricSummary {
  /** Of a count: events over all trials, and what was at risk. */
  readonly total?: number;
  readonly exposure?: Exposure;
}

/** Head divided by base, with its 95 % interval where there is one; of counts the ratio of their rates. */
export interface RatioInterval {
  readonly value: number;
  readonly low?: number;
  /** Absent where there is no upper limit: nothing was counted in base. */
  readonly high?: number;
}

/** What was estimated; what it comes to is decided among all comparisons of its table. */
export interface Estimated {
  readonly metric: string;
  readonly unit: string;
  readonly better: Exclude<Direction, "none">;
  readonly kind: "ratio" | "count";
  /** Half-width of the no-change band: 0.03 is from 1/1.03 to 1.03. */
  readonly band: number;
  readonly base?: ChangeSide;
  readonly head?: ChangeSide;
  readonly ratio?: RatioInterval;
  /** P of a change outside the band that looks as large, were there none, two-sided; absent where nothing was tested. */
  readonly p?: number;
  /** Why it cannot be told, or not whole. */
  readonly reason?: string;
}

/** What both sides have of a metric. */
export interface Sides {
  readonly metric: string;
  readonly base: MetricSummary | undefined;
  readonly head: MetricSummary | undefined;
  /** Of counts. */
  readonly exposures: readonly [base: Exposure, head: Exposure];
  readonly band: number;
  /** Why the metric is not to be compared in this cell, whatever its values are. */
  readonly spoilt: string | undefined;
}

/** Which way is good; `errors.{kind}` stand beside the catalogue and are never good. */
export function directionOf(metric: string): Direction {
  return METRICS.get(metric)?.better ?? (metric.startsWith("errors.") ? "lower" : "none");
}

/** `undefined` where no direction of the metric is good, or neither side has it. */
export function estimate(sides: Sides): Estimated | undefined {
  const { metric, base, head, band, spoilt } = sides;
  const better = directionOf(metric);
  if (better === "none" || (base === undefined && head === undefined)) return undefined;
  const known = { metric, unit: (base ?? head)!.unit, better, band, kind: isCount(metric) ? "count" : "ratio" } as const;
  if (base === undefined || head === undefined) {
    const present = base === undefined ? { head: head! } : { base };
    return { ...known, ...present, reason: `absent in ${base === undefined ? "base" : "head"}` };
  }
  const told = known.kind === "count" ? counted(base, head, sides) : measured(base, head, band);
  return spoilt === undefined ? { ...known, ...told } : { ...known, ...without(told, known.kind), reason: spoilt };
}

type Told = Pick<Estimated, "base" | "head" | "ratio" | "p" | "reason">;

/** A loss stays a loss where the cell is invalid; nothing else of it is tested. */
function without({ p, ...told }: Told, kind: Estimated["kind"]): Told {
  return kind === "count" && p !== undefined ? { ...told, p } : told;
}

function measured(base: MetricSummary, head: MetricSummary, band: number): Told {
  const sides = { base, head };
  const values = [...base.values, ...head.values];
  // They agree to the last digit, and 0 has no logarithm.
  if (values.every((value) => value === 0) && base.values.length > 1 && head.values.length > 1) {
    return { ...sides, ratio: { value: 1, low: 1, high: 1 } };
  }
  if (values.some((value) => value <= 0)) return { ...sides, reason: "a value of 0 has no ratio" };
  const ratio = unpairedLogRatio(base.values, head.values);
  if (ratio === undefined) {
    const single = [base, head].map(({ values: of }) => of.length === 1);
    const where = single[0] && single[1] ? "base and head" : single[0] ? "base" : "head";
    return { ...sides, ratio: { value: head.median / base.median }, reason: `one trial in ${where}: no interval` };
  }
  const edge = Math.log1p(band);
  return {
    ...sides,
    ratio: {
      value: Math.exp(ratio.value),
      low: Math.exp(lowerBound(ratio, BOUND)),
      high: Math.exp(upperBound(ratio, BOUND)),
    },
    p: Math.min(1, 2 * Math.min(pAbove(ratio, edge), pBelow(ratio, -edge))),
  };
}

function counted(base: MetricSummary, head: MetricSummary, { exposures, band }: Sides): Told {
  const [ofBase, ofHead] = [withTotal(base, exposures[0]), withTotal(head, exposures[1])];
  const { ratio, p } = countOdds([ofBase.total, exposures[0].at], [ofHead.total, exposures[1].at], band);
  return { base: ofBase, head: ofHead, ...(ratio === undefined ? {} : { ratio }), ...(p === undefined ? {} : { p }) };
}

function withTotal(side: MetricSummary, exposure: Exposure) {
  return { ...side, total: side.values.reduce((sum, value) => sum + value, 0), exposure };
}

/** Where the interval lies: `better` and `worse` wholly outside the band, `same` wholly within it. */
export function placeOf({ ratio, better, band, p }: Pick<Estimated, "ratio" | "better" | "band" | "p">): ChangeVerdict {
  // Events where there was none before: their rate has no ratio, and their odds say it all.
  if (ratio === undefined) return p !== undefined && p <= 1 - CONFIDENCE ? "worse" : "unsure";
  const { low, high = Infinity } = ratio;
  if (low === undefined) return "unsure";
  const edge = 1 + band;
  if (low > edge) return better === "higher" ? "better" : "worse";
  if (high < 1 / edge) return better === "higher" ? "worse" : "better";
  return low >= 1 / edge && high <= edge ? "same" : "unsure";
}

/**
 * Trials a side, more than there are, with which the interval would be narrower than the way from the estimate to the nearest edge of the
 * band; `none` where no number below ten thousand would, `undefined` where the spread of the trials is not known. A change that lies outside
 * has to be told among so many `tests`, which takes the interval of Bonferroni: Holm asks for no more.
 */
export function trialsToSettle({ base, head, ratio, p, kind, band }: Estimated, tests: number): number | "none" | undefined {
  if (p === undefined || base === undefined || head === undefined) return undefined;
  const way = Math.abs(Math.log(kind === "count" ? rateOf(head) / rateOf(base) : ratio!.value));
  const edge = Math.log1p(band);
  const distance = Math.abs(way - edge);
  const confidence = way > edge ? 1 - (1 - BOUND) / Math.max(1, tests) : BOUND;
  const now = Math.max(base.values.length, head.values.length);
  const { variance, freedom } = kind === "count" ? countVariance(base, head, now) : ratioVariance(base.values, head.values);
  const needed = (quantile: number): number => (quantile / distance) ** 2 * variance;
  const isEnough = (trials: number): boolean => trials > needed(tQuantile(confidence, freedom(trials)));
  // Student's t asks for more than the normal distribution, and for less the more trials there are: the answer lies between the two.
  const least = Math.max(now, Math.floor(needed(tQuantile(confidence, MOST_TRIALS))));
  if (!(least < MOST_TRIALS)) return "none";
  let low = least;
  let high = Math.max(least + 1, Math.ceil(needed(tQuantile(confidence, freedom(least)))) + 1);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high > MOST_TRIALS ? "none" : high;
}

/** What an estimate varies by, times the trials of each side, and the degrees of freedom of so many. */
interface TrialVariance {
  readonly variance: number;
  readonly freedom: (trials: number) => number;
}

/** Of Welch's estimate, were further trials to vary as these do. */
function ratioVariance(base: readonly number[], head: readonly number[]): TrialVariance {
  const [a, b] = [deviation(base.map(Math.log)) ** 2, deviation(head.map(Math.log)) ** 2];
  const share = a + b === 0 ? 1 : (a + b) ** 2 / (a ** 2 + b ** 2);
  return { variance: a + b, freedom: (trials) => share * (trials - 1) };
}

/** Of counts: events grow with the trials, and the error of a logarithm falls with the root of the events. */
function countVariance(base: ChangeSide, head: ChangeSide, now: number): TrialVariance {
  return { variance: (1 / eventsOf(base) + 1 / eventsOf(head)) * now, freedom: () => MOST_TRIALS };
}

function rateOf(side: ChangeSide): number {
  return eventsOf(side) / (side.exposure?.at ?? side.values.length);
}

/** Half an event where there is none: a rate of 0 has no logarithm. */
function eventsOf({ total = 0 }: ChangeSide): number {
  return Math.max(0.5, total);
}
