/** Counts of two runs by their exact odds: how their rates relate, and how likely such a difference is by chance alone. */
import { lowerBound, pAbove, pBelow, pMoreEvents, upperBound } from "./ratio.ts";
import type { LogRatio } from "./ratio.ts";

/** What could have become an event. */
export interface Exposure {
  readonly at: number;
  readonly of: "deliveries expected" | "trials";
}

/** Events of a run, and how much was at risk of one. */
export type Events = readonly [count: number, exposure: number];

export interface CountOdds {
  /** Rate of head divided by that of base, with Clopper and Pearson's 95 % interval (Biometrika 26, 1934); absent where base has none. */
  readonly ratio?: { readonly value: number; readonly low: number; readonly high?: number };
  /** Two-sided, of rates that differ by no more than the band; absent where neither side has an event. */
  readonly p?: number;
}

const COUNTS: ReadonlySet<string> = new Set([
  "messages_lost",
  "messages_duplicated",
  "messages_reordered",
  "messages_late",
  "messages_corrupt",
  "connections_lost",
  "reconnects",
  "server_fds_leaked",
  "server_dropped_for_backpressure",
]);

/** Whether a metric counts rare events, which have no spread of their own to be judged by. */
export function isCount(metric: string): boolean {
  return COUNTS.has(metric) || metric.startsWith("errors.");
}

/** Events on the rarer side from which on the logarithm of a ratio of counts is as good as normal, and the exact sum slow. */
const MANY = 2_000;

/** Degrees of freedom with which Student's t is the normal distribution to four digits. */
const NORMAL = 10_000;

/** How head's events relate to base's; `band` is the change that is none. Events that come in bursts are less sure than this says. */
export function countOdds([base, ofBase]: Events, [head, ofHead]: Events, band: number): CountOdds {
  if (base === 0 && head === 0) return { ratio: { value: 1, low: 1, high: 1 } };
  const value = head / ofHead / (base / ofBase);
  if (Math.min(base, head) > MANY) {
    const log: LogRatio = { value: Math.log(value), error: Math.sqrt(1 / base + 1 / head), degreesOfFreedom: NORMAL };
    const edge = Math.log1p(band);
    return {
      ratio: { value, low: Math.exp(lowerBound(log, 0.975)), high: Math.exp(upperBound(log, 0.975)) },
      p: Math.min(1, 2 * Math.min(pAbove(log, edge), pBelow(log, -edge))),
    };
  }
  const shareAt = (times: number): number => (times * ofHead) / (times * ofHead + ofBase);
  const tail = value >= 1 ? pMoreEvents(base, head, shareAt(1 + band)) : pMoreEvents(head, base, 1 - shareAt(1 / (1 + band)));
  const p = Math.min(1, 2 * tail);
  if (base === 0) return { p };
  const [low, high] = head > base ? shareInterval(base, head) : mirrored(shareInterval(head, base));
  const rate = (share: number): number => ((share / (1 - share)) * ofBase) / ofHead;
  return { ratio: { value, low: rate(low), high: rate(high) }, p };
}

function mirrored([low, high]: readonly [number, number]): [number, number] {
  return [1 - high, 1 - low];
}

/** Head's part of all events with its exact 95 % interval; the sums are as long as `base`, the rarer, has events. */
function shareInterval(base: number, head: number): [low: number, high: number] {
  const low = shareWhere((share) => pMoreEvents(base, head, share) < 0.025);
  const high = base === 0 ? 1 : shareWhere((share) => pMoreEvents(base - 1, head + 1, share) < 0.975);
  return [low, high];
}

/** The share up to which `isBelow` holds, by bisection. */
function shareWhere(isBelow: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
