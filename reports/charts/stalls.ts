/** Seconds in which a server held its deliveries up: one rule, said beside the charts that use it. */
import type { Histogram } from "../../load/histogram.ts";

/** Times its own median. */
export const SLOW = 5;
/** Of the deliveries of a second: so many slow ones make it a stall. */
const SHARE = 0.1;
/** With fewer deliveries a second is not judged. */
const LEAST_DELIVERIES = 10;

/** For a reader, as a clause. */
export const STALL_RULE = "a tenth of the deliveries of a second took longer than five times the server's own median";

/** What was received in a second, one delivery at least. */
export interface SecondLatency {
  readonly atSecond: number;
  readonly count: number;
  /** As {@link Histogram.buckets} gives them, ns. */
  readonly buckets: ReturnType<Histogram["buckets"]>;
}

export interface Stall {
  readonly atSecond: number;
  /** Deliveries that took longer than {@link limitMs}, and all of that second. */
  readonly slow: number;
  readonly of: number;
  readonly limitMs: number;
  readonly longestMs: number;
}

/** Those of one server's seconds of the measured window, in the order of time. */
export function stallsOf(seconds: readonly SecondLatency[], medianNs: number): Stall[] {
  const limitNs = SLOW * medianNs;
  return seconds.flatMap((second): Stall[] => {
    const slow = countAbove(second, limitNs);
    if (second.count < LEAST_DELIVERIES || slow < SHARE * second.count) return [];
    return [{ atSecond: second.atSecond, slow, of: second.count, limitMs: limitNs / 1e6, longestMs: longestMs(second) }];
  });
}

/** Values of buckets that lie above it as a whole. */
export function countAbove({ buckets }: SecondLatency, ns: number): number {
  return buckets.reduce((sum, [low, , count]) => (low > ns ? sum + count : sum), 0);
}

export function longestMs({ buckets }: SecondLatency): number {
  return (buckets.at(-1)?.[1] ?? 0) / 1e6;
}
