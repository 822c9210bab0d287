import { expect, test } from "vitest";
import { withoutOutliers } from "./outliers.ts";

const CALM = [10, 11, 9, 10, 12, 10, 9, 11, 10, 10];

function withValues(values: Readonly<Record<number, number>>): number[] {
  return CALM.map((value, i) => values[i] ?? value);
}

test.each([
  ["one", { 4: 99 }],
  ["one at the beginning", { 0: 99 }],
  ["one at the end", { 9: -99 }],
  ["two in a row", { 5: 99, 6: 98 }],
  ["two at the end", { 8: 99, 9: 99 }],
])("%s is put where its neighbours are", (_, outliers) => {
  const cleaned = withoutOutliers(withValues(outliers));
  for (const value of cleaned) expect(Math.abs(value - 10)).toBeLessThanOrEqual(2);
});

test.each([
  ["in the middle", { 4: 99, 5: 98, 6: 99 }],
  ["at the end", { 7: 99, 8: 98, 9: 99 }],
])("a level of three %s stays as it is, and so do its neighbours", (_, level) => {
  expect(withoutOutliers(withValues(level))).toEqual(withValues(level));
});

test("among exact counts any other value is an outlier", () => {
  expect(withoutOutliers([7, 7, 7, 8, 7, 7])).toEqual([7, 7, 7, 7, 7, 7]);
});

test("fewer than five values stay as they are", () => {
  expect(withoutOutliers([1, 100, 1, 1])).toEqual([1, 100, 1, 1]);
});
