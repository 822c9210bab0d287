/** Single results that are not like those beside them. */
import { median } from "./statistics.ts";

/** Values on either side that a value is held against: of five, three make a level, and one or two are outliers. */
const BESIDE = 2;

/** Deviations from the middle of its neighbours that a value may have. With four, twice as many changes are seen where there is none. */
const MOST_DEVIATIONS = 5;

/** From a median absolute deviation to a standard one, of normal noise. */
const NORMAL = 1.4826;

/**
 * The series with its outliers put where their neighbours are (Hampel's filter on a running median of five): one or two in a row, at the ends
 * too, where the five stand to one side. A step that three points share stays as it is; so does a series of fewer than five.
 */
export function withoutOutliers(values: readonly number[]): number[] {
  const window = 2 * BESIDE + 1;
  if (values.length < window) return [...values];
  const middles = values.map((_, i) => {
    const from = Math.min(Math.max(0, i - BESIDE), values.length - window);
    return median(values.slice(from, from + window));
  });
  const reach = MOST_DEVIATIONS * NORMAL * median(values.map((value, i) => Math.abs(value - middles[i]!)));
  return values.map((value, i) => (Math.abs(value - middles[i]!) > reach ? middles[i]! : value));
}
