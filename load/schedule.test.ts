import { describe, expect, test } from "vitest";
import { createSchedule, firstDueFrom } from "./schedule.ts";
import type { Arrivals, Schedule } from "./schedule.ts";

function schedule(seconds: number, given: Partial<Arrivals>): Schedule {
  return createSchedule({ arrivals: "fixed", rate: 50, burst: 1, topics: 1, seed: 1, ...given }, seconds * 1e9);
}

const dueTimes = (from: Schedule): number[] => Array.from({ length: from.count }, (_, n) => from.dueAt(n));

describe("fixed arrivals", () => {
  test.each([
    [50, 5, 250],
    [3, 10, 30],
    [7, 3, 21],
    [0.5, 5, 3],
    [1000, 0.0101, 11],
  ])("%d/s for %d s are %d messages, the last before the end", (rate, seconds, count) => {
    const fixed = schedule(seconds, { rate });
    expect(fixed.count).toBe(count);
    expect(fixed.dueAt(0)).toBe(0);
    expect(fixed.dueAt(count - 1)).toBeLessThan(seconds * 1e9);
    expect(fixed.dueAt(count)).toBeGreaterThanOrEqual(seconds * 1e9 - 1);
  });

  test("do not drift at a rate that divides nothing", () => {
    expect(schedule(3600, { rate: 3 }).dueAt(3 * 3599)).toBe(3599e9);
  });
});

describe("arrivals in bursts", () => {
  test("are due together, evenly spaced at the same mean rate, the last burst whole", () => {
    const bursts = schedule(1, { arrivals: "burst", rate: 12, burst: 5 });
    const at = (group: number): number[] => Array.from({ length: 5 }, () => Math.round((group * 5 * 1e9) / 12));
    expect(dueTimes(bursts)).toEqual([...at(0), ...at(1), ...at(2)]);
    expect(schedule(10, { arrivals: "burst", burst: 100 }).count).toBe(500);
  });

  test("of one message are fixed arrivals", () => {
    expect(dueTimes(schedule(7, { arrivals: "burst", rate: 3 }))).toEqual(dueTimes(schedule(7, { rate: 3 })));
  });
});

describe("Poisson arrivals", () => {
  /** Kolmogorov–Smirnov: how far the gaps lie from an exponential distribution of this mean, times √n. */
  function distance(times: readonly number[], meanGapNs: number): number {
    const gaps = times.map((at, n) => at - (times[n - 1] ?? 0)).sort((a, b) => a - b);
    const furthest = gaps.reduce((most, gap, n) => {
      const expected = 1 - Math.exp(-gap / meanGapNs);
      return Math.max(most, expected - n / gaps.length, (n + 1) / gaps.length - expected);
    }, 0);
    return furthest * Math.sqrt(gaps.length);
  }
  /** At α 0.01; √(−ln(α / 2) / 2). */
  const CRITICAL = 1.628;

  test.each([1, 2, 3, 4, 5])("have exponential gaps at α 0.01, seed %i", (seed) => {
    const times = dueTimes(schedule(100, { arrivals: "poisson", rate: 200, seed }));
    expect(distance(times, 5e6)).toBeLessThan(CRITICAL);
    // Neither a wrong mean nor even gaps would pass.
    expect(distance(times, 5e6 * 1.1)).toBeGreaterThan(CRITICAL);
    expect(distance(dueTimes(schedule(100, { rate: 200 })), 5e6)).toBeGreaterThan(CRITICAL);
  });

  test.each([1, 2, 3, 4, 5])("have gaps that do not depend on the one before, seed %i", (seed) => {
    const times = dueTimes(schedule(100, { arrivals: "poisson", rate: 200, seed }));
    const gaps = times.slice(1).map((at, n) => at - times[n]! - 5e6);
    const product = gaps.slice(1).reduce((sum, gap, n) => sum + gap * gaps[n]!, 0);
    const variance = gaps.reduce((sum, gap) => sum + gap * gap, 0);
    // Of independent gaps it is normal with a deviation of 1/√n: 2.58 at α 0.01.
    expect(Math.abs(product / variance) * Math.sqrt(gaps.length)).toBeLessThan(2.58);
  });

  test("are as many as a Poisson count may be, all before the end, and none after it is left out", () => {
    const counts = Array.from({ length: 200 }, (_, seed) => {
      const poisson = schedule(10, { arrivals: "poisson", seed });
      const times = dueTimes(poisson);
      expect(times.every((at, n) => at >= (times[n - 1] ?? 0))).toBe(true);
      expect(times.at(-1)).toBeLessThan(10e9);
      expect(poisson.dueAt(poisson.count)).toBeGreaterThanOrEqual(10e9);
      return poisson.count;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (counts.length - 1);
    expect(Math.abs(mean - 500)).toBeLessThan(2.58 * Math.sqrt(500 / 200));
    expect(variance / mean).toBeGreaterThan(0.75);
    expect(variance / mean).toBeLessThan(1.25);
  });

  test("are the same for a seed however they are asked for, and others for another", () => {
    const given = { arrivals: "poisson", rate: 1000 } as const;
    const forward = dueTimes(schedule(5, given));
    const other = schedule(5, given);
    expect(forward.map((_, n) => other.dueAt(forward.length - 1 - n)).toReversed()).toEqual(forward);
    expect(dueTimes(schedule(5, { ...given, seed: 2 })).slice(0, 10)).not.toEqual(forward.slice(0, 10));
  });
});

test("topics take turns", () => {
  const turns = schedule(1, { rate: 10, topics: 3 });
  expect([0, 1, 2, 3, 4].map((n) => turns.topicOf(n))).toEqual([0, 1, 2, 0, 1]);
});

test("the first message of a window is found by its due time", () => {
  const fixed = schedule(7, {});
  expect(firstDueFrom(fixed, 2e9)).toBe(100);
  expect(firstDueFrom(fixed, 0)).toBe(0);
  expect(firstDueFrom(fixed, 8e9)).toBe(fixed.count);
  const poisson = schedule(100, { arrivals: "poisson" });
  const first = firstDueFrom(poisson, 50e9);
  expect(poisson.dueAt(first - 1)).toBeLessThan(50e9);
  expect(poisson.dueAt(first)).toBeGreaterThanOrEqual(50e9);
});
