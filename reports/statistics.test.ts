import { describe, expect, it } from "vitest";
import { median, quantile, spread, standardDeviation, tQuantile } from "./statistics.ts";
import { seededRandom } from "./fixture-trial.ts";

describe("quantile", () => {
  it.each([
    [[1, 2, 3, 4], 0.5, 2.5],
    [[4, 1, 3, 2], 0.25, 1.75],
    [[7], 0.99, 7],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9.1],
    [[3, 1, 2], 1, 3],
  ])("of %j at %d is %d, as R's default type gives it", (values, q, expected) => {
    expect(quantile(values, q)).toBeCloseTo(expected, 12);
  });

  it("sorts numbers, not their text", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it("refuses an empty list", () => {
    expect(() => median([])).toThrow(/empty list/);
  });
});

describe("tQuantile", () => {
  // Table of critical values, NIST/SEMATECH e-Handbook 1.3.6.7.2.
  it.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 5, 2.571],
    [0.95, 11, 1.796],
    [0.975, 10, 2.228],
    [0.995, 30, 2.75],
    [0.975, 100, 1.984],
  ])("at %d with %d degrees of freedom is %d", (p, degrees, expected) => {
    expect(tQuantile(p, degrees)).toBeCloseTo(expected, 3);
  });
});

describe("spread", () => {
  it("of one value has no interval", () => {
    expect(spread([4.2])).toEqual({ median: 4.2, low: 4.2, high: 4.2, interval: "none" });
  });

  it("of two to five values is their range, and says so", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3, interval: "range" });
    expect(spread([5, 1, 2, 3, 4]).interval).toBe("range");
  });

  it("of six values is t on their logarithms", () => {
    const values = [10, 11, 12, 13, 14, 15];
    const logs = values.map(Math.log);
    const half = (2.570581836 * standardDeviation(logs)) / Math.sqrt(6);
    const center = logs.reduce((a, b) => a + b) / 6;
    const { low, high, interval } = spread(values);
    expect(interval).toBe("95%");
    expect(Math.log(low)).toBeCloseTo(center - half, 8);
    expect(Math.log(high)).toBeCloseTo(center + half, 8);
  });

  it("stays a range where a value has no logarithm", () => {
    expect(spread([0, 0, 0, 0, 0, 2])).toEqual({ median: 0, low: 0, high: 2, interval: "range" });
  });

  it("covers the true centre in at least 93 % of simulated runs of six log-normal repeats", () => {
    const next = seededRandom(20_250);
    const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    let covered = 0;
    const runs = 3000;
    for (let run = 0; run < runs; run++) {
      const { low, high } = spread(Array.from({ length: 6 }, () => 5 * Math.exp(0.3 * normal())));
      if (low <= 5 && 5 <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.97);
  });
});
