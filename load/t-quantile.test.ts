import { expect, test } from "vitest";
import { tQuantile } from "./t-quantile.ts";

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
