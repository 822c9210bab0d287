/** From histograms to the percentiles that a measurement may state. */
import { encodeHistogram } from "../hdr.ts";
import type { EncodedHistogram } from "../hdr.ts";
import { PERCENTILES } from "../metric.ts";
import type { Percentile } from "../metric.ts";
import type { Histogram } from "../histogram.ts";

/** METHOD R9: no quantile unless this many values lie above it. */
const VALUES_ABOVE = 10;

/** Whether `count` values are enough for quantile `q`; the largest value needs only one. */
export function enoughFor(count: number, q: number): boolean {
  return q === 1 ? count > 0 : count * (1 - q) >= VALUES_ABOVE - 1e-9;
}

/** The percentiles in ms that the histogram has values enough for. */
export function percentilesMs(histogram: Histogram): Partial<Record<Percentile, number>> {
  return Object.fromEntries(
    Object.entries(PERCENTILES)
      .filter(([, q]) => enoughFor(histogram.count, q))
      .map(([name, q]) => [name, histogram.quantile(q)! / 1e6]),
  );
}

/**
 * The same with `lost` messages that count as +∞; a percentile that falls among them is absent, for JSON has no infinity, and a
 * threshold on it finds no data and fails.
 */
export function percentilesInclLossMs(histogram: Histogram, lost: number): Partial<Record<Percentile, number>> {
  const total = histogram.count + lost;
  return Object.fromEntries(
    Object.entries(PERCENTILES)
      .filter(([, q]) => enoughFor(total, q) && q * total <= histogram.count)
      .map(([name, q]) => [name, histogram.quantile((q * total) / histogram.count)! / 1e6]),
  );
}

export interface Headline {
  readonly ms: Partial<Record<Percentile, number>>;
  /** Where each percentile was taken. */
  readonly source: Partial<Record<Percentile, "probes" | "population">>;
}

/**
 * The headline latency: each percentile from the probes as far up as they have enough deliveries, from there on from everybody
 * (METHOD R6); the largest value too, or it could be smaller than a percentile below it. Without probes that stand for the others it is
 * everybody's.
 */
export function headline(probes: Histogram | undefined, population: Histogram): Headline {
  const own = probes === undefined ? {} : percentilesMs(probes);
  const everybody = percentilesMs(population);
  const ms: Headline["ms"] = {};
  const source: Headline["source"] = {};
  let from: "probes" | "population" = "probes";
  for (const name of Object.keys(PERCENTILES) as Percentile[]) {
    if (own[name] === undefined && everybody[name] !== undefined) from = "population";
    const value = (from === "probes" ? own : everybody)[name];
    if (value === undefined) continue;
    ms[name] = value;
    source[name] = from;
  }
  return { ms, source };
}

/** Percentiles as metrics of the catalogue. */
export function named(metric: string, percentiles: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(percentiles).map(([p, ms]) => [`${metric}.${p}`, ms]));
}

/** As they are stored; one without any value is left out. */
export function encodeAll(histograms: Readonly<Record<string, Histogram>>): Record<string, EncodedHistogram> {
  return Object.fromEntries(
    Object.entries(histograms)
      .filter(([, { count, overflow, clockErrors }]) => count + overflow + clockErrors > 0)
      .map(([name, histogram]) => [name, encodeHistogram(histogram)]),
  );
}
