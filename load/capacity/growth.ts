/** Does work pile up: the course of the p50 over the seconds of a window (METHOD, capacity search). */
import { decodeHistogram } from "../hdr.ts";
import type { Estimate, Measurement } from "../measurement.ts";
import { slopeOf } from "../steadiness.ts";

/** With fewer seconds an interval of the slope is so wide that only what no percentile misses would show. */
const LEAST_SECONDS = 5;
/** Deliveries that make a p50 (METHOD R9: ten above it). */
const LEAST_DELIVERIES = 20;
/** What p50 may rise by within the window: the larger of a time and a share of its median. */
const RISE = { ms: 1, share: 0.2 } as const;

export interface Growth {
  /** Of the p50 at all subscribers, ms a second. */
  readonly slope: Estimate;
  /** By how much, at the least, it rose over the window: the low end of the slope's 95 % interval; above 0. */
  readonly riseMs: number;
}

/** How the backlog grew; `undefined` where it did not, or the window has too few seconds to tell. */
export function backlogGrowth({ seconds, scenario }: Pick<Measurement, "seconds" | "scenario">): Growth | undefined {
  const within = seconds.filter(
    ({ atSecond, population }) => atSecond >= 0 && atSecond < scenario.durationMs / 1000 && population.count >= LEAST_DELIVERIES,
  );
  if (within.length < LEAST_SECONDS) return undefined;
  const p50s = within.map(({ population }) => decodeHistogram(population).quantile(0.5)! / 1e6);
  const slope = slopeOf(
    within.map(({ atSecond }) => atSecond),
    p50s,
  );
  const riseMs = slope.low * (within.at(-1)!.atSecond - within[0]!.atSecond);
  const median = p50s.toSorted((a, b) => a - b)[p50s.length >> 1]!;
  return riseMs > Math.max(RISE.ms, RISE.share * median) ? { slope, riseMs } : undefined;
}
