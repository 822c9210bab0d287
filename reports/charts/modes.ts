/** How many heaps a histogram has: one rule, said beside the charts that use it. */

/** Of the lower of two peaks: what lies between them must come below it, or they are one. */
const VALLEY = 0.5;
/** Of all values, in each mode. */
const LEAST_SHARE = 0.05;
/** Fewer values make peaks by chance. */
const LEAST_VALUES = 1_000;
/** Neighbours on either side weigh less: single bins go up and down. */
const SMOOTHING = [1, 2, 3, 2, 1];

/** For a reader, as a clause. */
export const MODES_RULE = "two peaks with less than half of the lower one between them, and a twentieth of the deliveries around each";

export interface Mode {
  /** Bin of its peak. */
  readonly bin: number;
  /** Of all values, those up to the valleys around it. */
  readonly share: number;
}

/** From left to right; none where there are too few values to tell. */
export function modesOf(counts: readonly number[]): Mode[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < LEAST_VALUES) return [];
  const smooth = smoothed(counts);
  const kept: number[] = [];
  for (const peak of peaksOf(smooth)) {
    if (kept.every((higher) => lowestBetween(smooth, peak, higher).value < VALLEY * smooth[peak]!)) kept.push(peak);
  }
  kept.sort((a, b) => a - b);
  const valleys = kept.slice(1).map((peak, at) => lowestBetween(smooth, kept[at]!, peak).at);
  return kept
    .map((bin, at): Mode => {
      const own = counts.slice(valleys[at - 1] ?? 0, valleys[at] ?? counts.length);
      return { bin, share: own.reduce((sum, count) => sum + count, 0) / total };
    })
    .filter(({ share }) => share >= LEAST_SHARE);
}

function smoothed(counts: readonly number[]): number[] {
  const middle = (SMOOTHING.length - 1) / 2;
  return counts.map((_, at) => SMOOTHING.reduce((sum, weight, n) => sum + weight * (counts[at + n - middle] ?? 0), 0));
}

/** Bins that are higher than the one before and not lower than the one behind, the highest first. */
function peaksOf(smooth: readonly number[]): number[] {
  const bins = [...smooth.keys()].filter((at) => smooth[at]! > (smooth[at - 1] ?? 0) && smooth[at]! >= (smooth[at + 1] ?? 0));
  return bins.sort((a, b) => smooth[b]! - smooth[a]!);
}

function lowestBetween(smooth: readonly number[], a: number, b: number): { readonly at: number; readonly value: number } {
  const from = Math.min(a, b);
  const between = smooth.slice(from, Math.max(a, b) + 1);
  const value = Math.min(...between);
  return { at: from + between.indexOf(value), value };
}
