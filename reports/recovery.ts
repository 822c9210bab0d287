/** How long after a time of more load the latency was again what it had been before. */
import { mergeEncoded } from "../load/hdr.ts";
import type { Measurement, PhaseMeasurement, Second } from "../load/measurement.ts";

/** What counts as recovered: a p99 of so much more, at most. */
const TOLERANCE = 0.1;
/** A p99 needs a thousand values (METHOD R9: ten beyond it). */
const VALUES_FOR_P99 = 1_000;
const WIDTHS = [1, 2, 5, 10];

export interface Recovery {
  /** The phase whose p99 is what it was before, and the one that came between. */
  readonly before: string;
  readonly after: string;
  /**
   * By complete trial: seconds from the start of this phase to that of the first second in which the p99, at all subscribers and by time of
   * arrival, was within 10 % of the one before; `null` where it was in none.
   */
  readonly seconds: readonly (number | null)[];
}

/**
 * Of phase number `at`, where it is at one rate, comes after more load, and a phase before that had the same rate. `undefined` elsewhere, and
 * where a trial has too few deliveries for a p99 in ten seconds.
 */
export function recoveryIn(trials: readonly Measurement[], at: number): Recovery | undefined {
  const phases = trials[0]?.phases ?? [];
  const [phase, previous] = [phases[at], phases[at - 1]];
  if (phase === undefined || previous === undefined || !isConstant(phase) || previous.endRate <= phase.startRate) return undefined;
  const before = phases.slice(0, at - 1).findLast((other) => isConstant(other) && other.startRate === phase.startRate);
  if (before === undefined) return undefined;
  const seconds = trials.map((trial) => secondsUntil(trial.seconds, before, phase));
  return seconds.includes(undefined) ? undefined : { before: before.name, after: previous.name, seconds: seconds as (number | null)[] };
}

function secondsUntil(seconds: readonly Second[], before: PhaseMeasurement, phase: PhaseMeasurement): number | null | undefined {
  const calm = within(seconds, before);
  const deliveries = calm.reduce((sum, { population }) => sum + population.count, 0);
  const width = WIDTHS.find((each) => (deliveries / calm.length) * each >= VALUES_FOR_P99);
  const limit = p99Of(calm);
  if (width === undefined || limit === undefined) return undefined;
  const after = within(seconds, phase);
  for (let from = 0; from + width <= after.length; from += width) {
    const p99 = p99Of(after.slice(from, from + width));
    if (p99 !== undefined && p99 <= limit * (1 + TOLERANCE)) return from;
  }
  return null;
}

/** The whole seconds of a phase. */
function within(seconds: readonly Second[], { fromSecond, toSecond }: PhaseMeasurement): Second[] {
  return seconds.filter(({ atSecond }) => atSecond >= fromSecond && atSecond + 1 <= toSecond);
}

function p99Of(seconds: readonly Second[]): number | undefined {
  return seconds.length === 0 ? undefined : mergeEncoded(seconds.map(({ population }) => population)).quantile(0.99);
}

function isConstant({ startRate, endRate }: PhaseMeasurement): boolean {
  return startRate === endRate;
}
