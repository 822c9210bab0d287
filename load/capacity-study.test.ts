import { expect, test } from "vitest";
import { contains, plantedLimit } from "./capacity-study.ts";

test("limits are drawn from seeds, between 100 and 400 and each its own", () => {
  const limits = Array.from({ length: 10 }, (_, i) => plantedLimit(i + 1));
  expect(limits).toEqual(Array.from({ length: 10 }, (_, i) => plantedLimit(i + 1)));
  expect(new Set(limits).size).toBe(10);
  expect(Math.min(...limits)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...limits)).toBeLessThanOrEqual(400);
});

test.each([
  [{ held: 190, broke: 200 }, 190, true],
  [{ held: 190, broke: 200 }, 199, true],
  // One that broke cannot hold.
  [{ held: 190, broke: 200 }, 200, false],
  [{ held: 190, broke: 200 }, 189, false],
  [{ held: 190 }, 195, false],
  [{ broke: 200 }, 195, false],
])("%j contains %d: %s", (ends, limit, expected) => {
  expect(contains({ answer: { ...ends, confirmed: true, end: "narrowed" } }, limit)).toBe(expected);
});
