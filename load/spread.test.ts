import { expect, test } from "vitest";
import { spread } from "./spread.ts";

test.each([
  [[3], { median: 3, min: 3, max: 3 }],
  [[10, 2, 9], { median: 9, min: 2, max: 10 }],
  [[4, 10, 1, 2], { median: 3, min: 1, max: 10 }],
])("of %j the middle, the least and the most are told, and the values stay as they are", (values, expected) => {
  const before = [...values];
  expect(spread(values)).toEqual(expected);
  expect(values).toEqual(before);
});
