import { describe, expect, it } from "vitest";
import { modesOf } from "./modes.ts";

/** Counts of a heap around each place, as a normal distribution has them. */
function heaps(...those: readonly (readonly [place: number, count: number, width?: number])[]): number[] {
  return Array.from({ length: 60 }, (_, bin) =>
    Math.round(
      those.reduce((sum, [place, count, width = 2]) => sum + (count / (width * 2.507)) * Math.exp(-0.5 * ((bin - place) / width) ** 2), 0),
    ),
  );
}

describe("a histogram has", () => {
  it.each([
    ["one mode where it has one heap", heaps([20, 5_000]), [20]],
    ["two where two heaps stand apart, with the share of each", heaps([10, 3_000], [40, 1_000]), [10, 40]],
    ["one where the valley is not below half of the lower peak", heaps([20, 3_000], [25, 3_000]), [22]],
    ["one where the second heap is less than a twentieth", heaps([10, 5_000], [40, 200]), [10]],
    ["one of a ramp that ends at once", Array.from({ length: 60 }, (_, bin) => (bin < 50 ? bin * 3 : 0)), [48]],
    ["three of three", heaps([8, 2_000], [28, 2_000], [50, 2_000]), [8, 28, 50]],
    ["none that could be told of few values", heaps([10, 300], [40, 300]), []],
    ["none without a value", [], []],
  ])("%s", (_, counts, bins) => {
    const modes = modesOf(counts);
    expect(modes).toHaveLength(bins.length);
    for (const [at, bin] of bins.entries()) expect(Math.abs(modes[at]!.bin - bin)).toBeLessThanOrEqual(2);
  });

  it("shares that add up to all of it, divided at the valley", () => {
    const [first, second] = modesOf(heaps([10, 3_000], [40, 1_000]));
    expect(first!.share).toBeCloseTo(0.75, 2);
    expect(second!.share).toBeCloseTo(0.25, 2);
  });

  it("one mode still where single bins go up and down by chance", () => {
    const rough = heaps([30, 5_000, 8]).map((count, bin) => Math.round(count * (bin % 2 === 0 ? 1.25 : 0.75)));
    expect(modesOf(rough)).toHaveLength(1);
  });
});
