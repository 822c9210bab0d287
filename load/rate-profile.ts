/**
 * How many messages are due by when, and when so many are: the integral of a rate that stays, steps or ramps, and its inverse, both in
 * closed form from where the stretch began, so that nothing drifts.
 */
import type { WorkloadPhase } from "./suite.ts";

export interface RateProfile {
  /** Messages due before `ns`, in fractions too. */
  messagesBy(ns: number): number;
  /** When so many are due, in ns; where the rate is 0 just then, when it no longer is. Infinity where they never are. */
  reached(messages: number): number;
}

/** A stretch of time in which the rate is the same, or changes evenly. */
interface Stretch {
  readonly fromNs: number;
  readonly lengthNs: number;
  /** Per second. */
  readonly startRate: number;
  readonly endRate: number;
}

/** One rate, for ever. */
export function constantRate(rate: number): RateProfile {
  return profileOf([{ fromNs: 0, lengthNs: Infinity, startRate: rate, endRate: rate }]);
}

/** The phases one after the other from `leadNs` on; until then the rate that the first of them starts with. Nothing is due after the last. */
export function phasedRate(phases: readonly WorkloadPhase[], leadNs: number): RateProfile {
  const ends = phaseEndsNs(phases);
  const rate = phases[0]!.startRate;
  return profileOf([
    { fromNs: 0, lengthNs: leadNs, startRate: rate, endRate: rate },
    ...phases.map(({ startRate, endRate }, i) => {
      const fromNs = ends[i - 1] ?? 0;
      return { fromNs: leadNs + fromNs, lengthNs: ends[i]! - fromNs, startRate, endRate };
    }),
  ]);
}

/** Where each phase ends, in whole ns from the start of the window: all processes of a trial must agree on which message is in which. */
export function phaseEndsNs(phases: readonly WorkloadPhase[]): number[] {
  let ms = 0;
  return phases.map(({ durationMs }) => Math.round((ms += durationMs) * 1e6));
}

function profileOf(stretches: readonly Stretch[]): RateProfile {
  let total = 0;
  const befores = stretches.map((stretch) => {
    const before = total;
    total = whole(total + within(stretch, stretch.lengthNs));
    return before;
  });
  const starts = stretches.map(({ fromNs }) => fromNs);

  return {
    messagesBy(ns) {
      const at = lastUpTo(starts, ns);
      return befores[at]! + within(stretches[at]!, Math.min(ns - starts[at]!, stretches[at]!.lengthNs));
    },
    reached(messages) {
      if (messages >= total) return Infinity;
      const at = lastUpTo(befores, messages);
      return starts[at]! + sinceStart(stretches[at]!, messages - befores[at]!);
    },
  };
}

/** Messages in the first `ns` of a stretch: the area under its rate. */
function within({ lengthNs, startRate, endRate }: Stretch, ns: number): number {
  const seconds = ns / 1e9;
  if (startRate === endRate) return seconds * startRate;
  return seconds * (startRate + ((endRate - startRate) * ns) / lengthNs / 2);
}

/** When so many messages of a stretch are due: the root of a parabola, in the form that also holds where the rate does not change or starts at 0. */
function sinceStart({ lengthNs, startRate, endRate }: Stretch, messages: number): number {
  if (messages === 0) return 0;
  const perSecond = startRate === endRate ? 0 : (endRate - startRate) / (lengthNs / 1e9);
  return (1e9 * 2 * messages) / (startRate + Math.sqrt(Math.max(0, startRate ** 2 + 2 * perSecond * messages)));
}

/** A number that is meant to be whole is: else the message that opens a phase would be due within the one before. */
export function whole(value: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) <= 1e-9 + 1e-12 * near ? near : value;
}

/** Index of the last of the ascending `values` that is not above `value`; 0 where all are. */
function lastUpTo(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
