/** A series of figures in a few characters. */
import { median } from "../statistics.ts";

const BARS = "▁▂▃▄▅▆▇█";
const INVALID = "×";

/** The lowest bar and the highest are so far apart at least, as a share of the middle: noise of a percent is not to look like a change. */
const LEAST_RANGE = 0.1;

export interface SparkPoint {
  readonly value: number;
  readonly valid: boolean;
}

/** From the least to the most of the valid values, a bar each, or of as many as it takes to stay within `width` their median; `×`: none is valid. */
export function spark(points: readonly SparkPoint[], width: number): string {
  const count = Math.min(points.length, width);
  const bins = Array.from({ length: count }, (_, i) =>
    points
      .slice(Math.floor((i * points.length) / count), Math.floor(((i + 1) * points.length) / count))
      .filter(({ valid }) => valid)
      .map(({ value }) => value),
  );
  const middles = bins.map((bin) => (bin.length === 0 ? undefined : median(bin)));
  const known = middles.filter((middle) => middle !== undefined);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const center = (least + most) / 2;
  const range = Math.max(most - least, LEAST_RANGE * Math.abs(center));
  const bar = (value: number): string => BARS[range === 0 ? 0 : Math.round(((value - center) / range + 0.5) * (BARS.length - 1))]!;
  return middles.map((middle) => (middle === undefined ? INVALID : bar(middle))).join("");
}
