import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { phaseEndsNs } from "./rate-profile.ts";
import { createSchedule, firstDueFrom } from "./schedule.ts";
import type { Arrivals, Schedule } from "./schedule.ts";
import { dueInPhase } from "./suite.ts";
import type { WorkloadPhase } from "./suite.ts";

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

describe("phases", () => {
  const phase = (seconds: number, startRate: number, endRate = startRate): WorkloadPhase => ({
    name: "p",
    durationMs: seconds * 1000,
    startRate,
    endRate,
  });
  const SPIKE = [phase(20, 50), phase(20, 50, 500), phase(5, 2000), phase(10, 0), phase(20, 50)];

  function phased(phases: readonly WorkloadPhase[], given: Partial<Arrivals> = {}, leadSeconds = 3): Schedule {
    const lengthNs = leadSeconds * 1e9 + phaseEndsNs(phases).at(-1)!;
    return createSchedule({ arrivals: "fixed", rate: 1, burst: 1, topics: 1, seed: 1, ...given, phases }, lengthNs, leadSeconds * 1e9);
  }

  /** Messages due in each phase. */
  function counts(from: Schedule, phases: readonly WorkloadPhase[], leadSeconds = 3): number[] {
    const edges = [0, ...phaseEndsNs(phases)].map((ns) => firstDueFrom(from, leadSeconds * 1e9 + ns));
    return phases.map((_, i) => edges[i + 1]! - edges[i]!);
  }

  test("have each what its rate comes to, the first message as it begins; the warm-up goes at the rate of the first and is in none", () => {
    const spike = phased(SPIKE);
    expect(counts(spike, SPIKE)).toEqual([1000, 5500, 10_000, 0, 1000]);
    expect(firstDueFrom(spike, 3e9)).toBe(150);
    const firsts = [150, 1150, 6650, 16_650].map((n) => spike.dueAt(n) / 1e9);
    expect(firsts).toEqual([3, 23, 43, 58]);
    expect(spike.count).toBe(17_650);
    expect(spike.dueAt(spike.count - 1)).toBe(77.98e9);
  });

  const anyPhases = fc.array(
    fc.record({
      name: fc.constant("p"),
      durationMs: fc.integer({ min: 100, max: 20_000 }),
      startRate: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 })),
      endRate: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 })),
    }),
    { minLength: 1, maxLength: 5 },
  );

  test.each([
    ["fixed", 1],
    ["burst", 7],
  ] as const)(
    "of %s arrivals have each as many as the integral of its rate within one (of a burst), and none goes back",
    (arrivals, burst) => {
      fc.assert(
        fc.property(anyPhases, fc.integer({ min: 0, max: 5 }), (phases, leadSeconds) => {
          const from = phased(phases, { arrivals, burst }, leadSeconds);
          for (const [i, count] of counts(from, phases, leadSeconds).entries()) {
            expect(Math.abs(count - dueInPhase(phases[i]!))).toBeLessThanOrEqual(burst + 1e-6);
          }
          const times = dueTimes(from);
          expect(times.every((at, n) => at >= (times[n - 1] ?? 0) && (n % burst === 0 || at === times[n - 1]))).toBe(true);
        }),
        { numRuns: 50 },
      );
    },
  );

  test("of Poisson arrivals have each a Poisson count: its mean and its variance are the integral of the rate, at 400 seeds", () => {
    const phases = [phase(2, 30), phase(2, 30, 120), phase(1, 200), phase(1, 0), phase(2, 10)];
    const drawn = Array.from({ length: 400 }, (_, seed) => counts(phased(phases, { arrivals: "poisson", seed: seed * 7919 }), phases));
    for (const [i, each] of phases.entries()) {
      const due = dueInPhase(each);
      const values = drawn.map((of) => of[i]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      expect(Math.abs(mean - due)).toBeLessThanOrEqual(3 * Math.sqrt(due / values.length));
      // Of a variance of 400 values the deviation is a fourteenth.
      if (due > 0) expect(Math.abs(variance / due - 1)).toBeLessThan(3 / 14);
    }
  });

  test("that are postponed move as a whole, what was due before them stays, and the account of a Poisson process is the same as from the start", () => {
    for (const arrivals of ["fixed", "burst", "poisson"] as const) {
      const given = { arrivals, burst: 5, rate: 1, topics: 3, seed: 4, phases: SPIKE };
      const first = createSchedule(given, 100e9, 3e9);
      const later = first.postponed(8e9);
      const fromStart = createSchedule(given, 100e9, 8e9);
      expect(dueTimes(later)).toEqual(dueTimes(fromStart));
      expect(dueTimes(later).slice(0, firstDueFrom(first, 3e9))).toEqual(dueTimes(first).slice(0, firstDueFrom(first, 3e9)));
      expect(dueTimes(later).filter((ns) => ns >= 8e9).length).toBe(later.count - firstDueFrom(later, 8e9));
    }
    const moved = phased(SPIKE).postponed(8e9);
    // The last phases no longer fit before the end that this schedule was given.
    expect(counts(moved, SPIKE, 8)).toEqual([1000, 5500, 10_000, 0, 750]);
  });

  test("have a silence in which nothing is due, and it may be the last thing there is", () => {
    const silent = [phase(1, 10), phase(5, 0)];
    const from = phased(silent);
    expect(counts(from, silent)).toEqual([10, 0]);
    expect(from.dueAt(from.count)).toBe(Infinity);
  });
});
