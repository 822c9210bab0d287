import { describe, expect, test } from "vitest";
import { seededRandom } from "../load/random.ts";
import {
  detectableChange,
  deviation,
  holm,
  lowerBound,
  ofLogs,
  pAbove,
  pairedLogRatio,
  pBelow,
  pMoreEvents,
  pSignedRank,
  roundsFor,
  unpairedLogRatio,
  upperBound,
} from "./ratio.ts";

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe("a change that was measured in pairs", () => {
  test("is the mean of the logarithms, whatever the pairs share", () => {
    const ratio = pairedLogRatio([
      [1, 1.1],
      [50, 55],
      [7, 7.7],
    ])!;
    expect(Math.exp(ratio.value)).toBeCloseTo(1.1, 12);
    expect(ratio.error).toBeCloseTo(0, 12);
    expect(ratio.degreesOfFreedom).toBe(2);
  });

  test("has no error to tell where there is one pair only", () => {
    expect(pairedLogRatio([[1, 2]])).toBeUndefined();
    expect(ofLogs([])).toBeUndefined();
  });

  test("has its bounds where the t of the table lies", () => {
    // Mean 0.1, s 0.1, n 4: t(.95, 3) = 2.353.
    const ratio = ofLogs([0.1 - Math.sqrt(0.015), 0.1 + Math.sqrt(0.015), 0.1, 0.1])!;
    expect(ratio.error).toBeCloseTo(0.05, 12);
    expect(lowerBound(ratio)).toBeCloseTo(0.1 - 2.3534 * 0.05, 4);
    expect(upperBound(ratio)).toBeCloseTo(0.1 + 2.3534 * 0.05, 4);
  });

  test("without any spread is above a limit or it is not", () => {
    const ratio = ofLogs([0.2, 0.2, 0.2])!;
    expect([pAbove(ratio, 0.1), pAbove(ratio, 0.21), pBelow(ratio, 0.1), pBelow(ratio, 0.3)]).toEqual([0, 1, 1, 0]);
    for (const bound of [lowerBound(ratio), upperBound(ratio)]) expect(bound).toBeCloseTo(0.2, 12);
  });

  test("is above its lower bound with the confidence that was asked for", () => {
    const ratio = ofLogs([0.02, 0.11, 0.05, 0.09, 0.03])!;
    for (const confidence of [0.9, 0.95, 0.99]) expect(pAbove(ratio, lowerBound(ratio, confidence))).toBeCloseTo(1 - confidence, 7);
    expect(pAbove(ratio, 0.04) + pBelow(ratio, 0.04)).toBeCloseTo(1, 12);
  });

  test("is called larger than it is in five of a hundred cases, by simulation", () => {
    const random = seededRandom(3);
    let wrong = 0;
    const cases = 8_000;
    for (let i = 0; i < cases; i++) {
      const ratio = ofLogs(Array.from({ length: 12 }, () => 0.05 + 0.04 * normal(random)))!;
      if (pAbove(ratio, 0.05) < 0.05) wrong++;
    }
    expect(wrong / cases).toBeGreaterThan(0.042);
    expect(wrong / cases).toBeLessThan(0.058);
  });
});

describe("a change between two runs", () => {
  test("is Welch's, with his degrees of freedom", () => {
    // Logarithms 0, 1, 2 against 1, 3, 5, 7: means 1 and 4, variances 1 and 20/3.
    const ratio = unpairedLogRatio([1, Math.E, Math.E ** 2], [Math.E, Math.E ** 3, Math.E ** 5, Math.E ** 7])!;
    expect(ratio.value).toBeCloseTo(3, 12);
    expect(ratio.error).toBeCloseTo(Math.sqrt(1 / 3 + 20 / 3 / 4), 12);
    expect(ratio.degreesOfFreedom).toBeCloseTo((1 / 3 + 5 / 3) ** 2 / ((1 / 3) ** 2 / 2 + (5 / 3) ** 2 / 3), 12);
  });

  test("cannot be told of a single value", () => {
    expect(unpairedLogRatio([1], [2, 3])).toBeUndefined();
    expect(unpairedLogRatio([1, 2], [3])).toBeUndefined();
  });
});

test("Holm's adjustment is that of his paper's steps, and never falls", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

describe("counts", () => {
  test.each([
    [0, 5, 1 / 32],
    [0, 0, 1],
    [3, 0, 1],
    [5, 5, 0.623046875],
    [2, 8, 56 / 1024],
  ])("%d against %d are as likely as %d", (base, head, p) => expect(pMoreEvents(base, head)).toBeCloseTo(p, 10));

  test("of unequal exposure are weighed by it", () => {
    expect(pMoreEvents(0, 2, 0.25)).toBeCloseTo(1 / 16, 12);
  });

  test("of thousands are still exact", () => {
    expect(pMoreEvents(5_000, 5_000)).toBeCloseTo(0.504, 3);
    expect(pMoreEvents(5_000, 5_400)).toBeLessThan(1e-4);
  });
});

describe("Wilcoxon's test", () => {
  test("is exact", () => {
    // All twelve positive: one way of 4,096.
    expect(
      pSignedRank(
        Array.from({ length: 12 }, (_, i) => i + 1),
        0,
      ),
    ).toBeCloseTo(1 / 4096, 12);
    // Ranks 1 to 4, only the least negative: sums of 9 and 10 are 2 of 16 ways.
    expect(pSignedRank([-1, 2, 3, 4], 0)).toBeCloseTo(2 / 16, 12);
  });

  test("says nothing of no differences", () => expect(pSignedRank([0.5, 0.5], 0.5)).toBe(1));
});

test("what could have been seen is METHOD's formula, and the rounds for it are its inverse", () => {
  expect(detectableChange(0.03, 12, 0.03)).toBeCloseTo(1.03 * Math.exp((2 * 1.79588 * 0.03) / Math.sqrt(12)) - 1, 5);
  for (const sigma of [0.01, 0.03, 0.08, 0.15]) {
    const rounds = roundsFor(sigma, 0.03, 0.1);
    expect(detectableChange(sigma, rounds, 0.03)).toBeLessThanOrEqual(0.1);
    if (rounds > 2 && rounds < 100) expect(detectableChange(sigma, rounds - 1, 0.03)).toBeGreaterThan(0.1);
  }
  expect(roundsFor(0.5, 0.03, 0.03)).toBe(Infinity);
  expect(detectableChange(0.1, 1, 0.03)).toBe(Infinity);
});

test("the deviation is that of a sample", () => {
  expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138, 3);
  expect(deviation([3])).toBe(0);
});
