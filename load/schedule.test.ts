import { expect, test } from "vitest";
import { firstDueFrom, fixedSchedule } from "./schedule.ts";

test.each([
  [50, 5, 250],
  [3, 10, 30],
  [7, 3, 21],
  [0.5, 5, 3],
  [1000, 0.0101, 11],
])("%d/s for %d s makes %d messages, the last before the end", (rate, seconds, count) => {
  const schedule = fixedSchedule(rate, seconds * 1e9, 1);
  expect(schedule.count).toBe(count);
  expect(schedule.dueAt(0)).toBe(0);
  expect(schedule.dueAt(count - 1)).toBeLessThan(seconds * 1e9);
  expect(schedule.dueAt(count)).toBeGreaterThanOrEqual(seconds * 1e9 - 1);
});

test("a rate that divides nothing does not drift", () => {
  const schedule = fixedSchedule(3, 3600e9, 1);
  expect(schedule.dueAt(3 * 3599)).toBe(3599e9);
});

test("topics take turns", () => {
  const schedule = fixedSchedule(10, 1e9, 3);
  expect([0, 1, 2, 3, 4].map((n) => schedule.topicOf(n))).toEqual([0, 1, 2, 0, 1]);
});

test("the first message of a window is found by its due time", () => {
  const schedule = fixedSchedule(50, 7e9, 1);
  expect(firstDueFrom(schedule, 2e9)).toBe(100);
  expect(firstDueFrom(schedule, 0)).toBe(0);
  expect(firstDueFrom(schedule, 8e9)).toBe(schedule.count);
});
