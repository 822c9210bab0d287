import { expect, test } from "vitest";
import { tCumulative, tQuantile } from "./student-t.ts";

// Table of critical values, NIST/SEMATECH e-Handbook 1.3.6.7.2.
test.each([
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.975, 5, 2.571],
  [0.95, 11, 1.796],
  [0.975, 10, 2.228],
  [0.995, 30, 2.75],
  [0.975, 100, 1.984],
])("the quantile at %d with %d degrees of freedom is %d", (p, degrees, expected) => {
  expect(tQuantile(p, degrees)).toBeCloseTo(expected, 3);
});

// scipy.stats.t.cdf; degrees of freedom that are not whole come of Welch's test.
test.each([
  [1, 1, 0.75],
  [0, 7.3, 0.5],
  [-2, 4, 0.0580582617584077],
  [2.5, 11.4, 0.9853097],
  [1.796, 11, 0.95],
])("P(T ≤ %d) with %d degrees of freedom is %d", (t, degrees, expected) => {
  expect(tCumulative(t, degrees)).toBeCloseTo(expected, 3);
});

test("the distribution function rises from 0 to 1 and is symmetric", () => {
  for (const degrees of [0.7, 1, 2.5, 11, 58.3, 400]) {
    let last = 0;
    for (let t = -40; t <= 40; t += 0.25) {
      const p = tCumulative(t, degrees);
      expect(p).toBeGreaterThanOrEqual(last);
      expect(p + tCumulative(-t, degrees)).toBeCloseTo(1, 12);
      last = p;
    }
    expect(tCumulative(Infinity, degrees)).toBe(1);
    expect(tCumulative(-Infinity, degrees)).toBe(0);
  }
});

test("the quantile is the inverse of the distribution function", () => {
  for (const degrees of [1, 3.7, 11, 60]) {
    for (const p of [0.001, 0.05, 0.3, 0.5, 0.9, 0.975, 0.9999]) expect(tCumulative(tQuantile(p, degrees), degrees)).toBeCloseTo(p, 8);
  }
});
