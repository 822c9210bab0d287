import { describe, expect, test } from "vitest";
import { seededRandom } from "../load/random.ts";
import { changePoints } from "./change-points.ts";
import type { ChangePoint } from "./change-points.ts";

type Level = (i: number, random: () => number) => number;

/** Share of seeded series, of log-normal noise about their levels, of which `holds` is true. */
function shareOf(points: number, sigma: number, level: Level, holds: (found: readonly ChangePoint[]) => boolean, repeats = 300): number {
  const random = seededRandom(20);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let count = 0;
  for (let n = 0; n < repeats; n++) {
    const values = Array.from({ length: points }, (_, i) => 250 * level(i, random) * Math.exp(sigma * normal()));
    if (holds(changePoints(values))) count++;
  }
  return count / repeats;
}

const some = (found: readonly ChangePoint[]): boolean => found.length > 0;
const near = (at: number, reach: number) => (found: readonly ChangePoint[]) => found.some((change) => Math.abs(change.at - at) <= reach);

describe("by simulation", () => {
  test.each([
    [100, 0.03],
    [100, 0.1],
    [30, 0.1],
    [10, 0.1],
    [6, 0.1],
  ])("of %d points without a change at σ %d at most one series in twenty has one", (points, sigma) => {
    expect(shareOf(points, sigma, () => 1, some)).toBeLessThanOrEqual(0.05);
  });

  test("a step of 5 % at σ 3 % is found within three points in nine of ten series", () => {
    expect(shareOf(100, 0.03, (i) => (i < 50 ? 1 : 1.05), near(50, 3), 1000)).toBeGreaterThanOrEqual(0.9);
  });

  test("a step down is found as well, with its size in the interval nineteen times of twenty", () => {
    const down = shareOf(
      100,
      0.03,
      (i) => (i < 60 ? 1 : 0.9),
      ([first]) => first !== undefined && first.change.low < -0.1 && -0.1 < first.change.high,
    );
    expect(down).toBeGreaterThanOrEqual(0.9);
  });

  test("two steps up are both found, and nothing else", () => {
    const two = shareOf(
      100,
      0.03,
      (i) => (i < 30 ? 1 : i < 70 ? 1.1 : 1.2),
      (found) => {
        return found.length === 2 && near(30, 3)(found) && near(70, 3)(found);
      },
    );
    expect(two).toBeGreaterThanOrEqual(0.9);
  });

  test("a level that is left again after eight points is found with both of its ends", () => {
    const both = shareOf(
      100,
      0.03,
      (i) => (i < 50 || i >= 58 ? 1 : 1.1),
      (found) => near(50, 2)(found) && near(58, 2)(found),
    );
    expect(both).toBeGreaterThanOrEqual(0.9);
  });

  test("a large step is found by its third point", () => {
    expect(shareOf(60, 0.03, (i) => (i < 57 ? 1 : 1.15), near(57, 1))).toBeGreaterThanOrEqual(0.9);
  });

  test.each([0, 1, 50, 97, 98, 99])("an outlier alone at point %d is no change", (at) => {
    expect(shareOf(100, 0.03, (i) => (i === at ? 2 : 1), some)).toBeLessThanOrEqual(0.05);
  });

  test("a slow drift by a fifth is told as steps, all of them upwards", () => {
    const upwards = (found: readonly ChangePoint[]): boolean => some(found) && found.every(({ change }) => change.value > 0);
    expect(shareOf(100, 0.03, (i) => 1 + i / 500, upwards)).toBeGreaterThanOrEqual(0.95);
  });

  test("a step that is smaller than the least size is none, however sure it is", () => {
    expect(shareOf(100, 0.001, (i) => (i < 50 ? 1 : 1.02), some)).toBe(0);
  });
});

describe("exactly", () => {
  test("a constant series has no change, whatever its rounding", () => {
    expect(changePoints(Array.from({ length: 100 }, () => 0.1 + 0.2))).toEqual([]);
    expect(changePoints(Array.from({ length: 100 }, (_, i) => 0.3 + (i % 2) * 1e-17))).toEqual([]);
  });

  test("a step between exact counts is sure, and of their very ratio", () => {
    const [change, ...others] = changePoints([132, 132, 132, 132, 165, 165, 165]);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ at: 4, p: 0 });
    for (const value of [change!.change.value, change!.change.low, change!.change.high]) expect(value).toBeCloseTo(0.25, 12);
  });

  test("each change is held against the levels beside it, in the order of time", () => {
    const found = changePoints([10, 10, 10, 20, 20, 20, 5, 5, 5]);
    expect(found.map(({ at, change }) => [at, Number(change.value.toFixed(9))])).toEqual([
      [3, 1],
      [6, -0.75],
    ]);
  });

  test("the same series has the same answer, and its unit does not matter", () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 60 }, (_, i) => (i < 25 ? 4 : 5) + random());
    const scaled = changePoints(values.map((value) => value * 1e6));
    expect(changePoints(values)).toEqual(changePoints(values));
    expect(scaled.map(({ at }) => at)).toEqual(changePoints(values).map(({ at }) => at));
    expect(scaled).not.toEqual([]);
  });

  test.each([0, 1, 3, 5])("%d points are too few for any change", (count) => {
    expect(changePoints(Array.from({ length: count }, (_, i) => 1 + i * 100))).toEqual([]);
  });

  test.each([0, -1, Number.NaN, Infinity])("a value of %d is refused", (value) => {
    expect(() => changePoints([1, 2, value])).toThrow(`needs values above 0, and one is ${value}`);
  });
});
