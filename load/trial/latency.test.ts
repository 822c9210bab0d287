import { expect, test } from "vitest";
import { createHistogram } from "../histogram.ts";
import { enoughFor, headline, percentilesInclLossMs, percentilesMs } from "./latency.ts";

/** 1 ms, 2 ms … n ms. */
function ramp(n: number) {
  const histogram = createHistogram();
  for (let i = 1; i <= n; i++) histogram.record(i * 1e6);
  return histogram;
}

test.each([
  [0.5, 19, false],
  [0.5, 20, true],
  [0.99, 999, false],
  [0.99, 1000, true],
  [0.999, 9999, false],
  [0.999, 10_000, true],
  [1, 0, false],
  [1, 1, true],
])("quantile %d of %i values: %s", (q, count, enough) => {
  expect(enoughFor(count, q)).toBe(enough);
});

test("percentiles are within HdrHistogram's three digits, and absent where values are too few", () => {
  const ms = percentilesMs(ramp(1000));
  expect(Object.keys(ms)).toEqual(["p50", "p90", "p95", "p99", "max"]);
  for (const [name, value] of Object.entries({ p50: 500, p90: 900, p99: 990, max: 1000 })) {
    expect(Math.abs(ms[name as "p50"]! - value) / value).toBeLessThan(1e-3);
  }
});

test("lost messages push percentiles up, and those among them are absent", () => {
  const none = percentilesInclLossMs(ramp(1000), 0);
  expect(none).toEqual(percentilesMs(ramp(1000)));
  const some = percentilesInclLossMs(ramp(980), 20);
  // The 950th of 1,000 is the 950th that came; the 990th never did.
  expect(some.p95).toBeCloseTo(950, -1);
  expect(some).not.toHaveProperty("p99");
  expect(some).not.toHaveProperty("max");
});

test("the probes' own where they have enough for all that the population has", () => {
  const { ms, source } = headline(ramp(1000), ramp(1500));
  expect(new Set(Object.values(source))).toEqual(new Set(["probes"]));
  expect(ms.max! / 1000).toBeCloseTo(1, 2);
});

test("it is everybody's where the probes do not stand for them", () => {
  const { ms, source } = headline(undefined, ramp(1000));
  expect(new Set(Object.values(source))).toEqual(new Set(["population"]));
  expect(ms.p50).toBeCloseTo(500, -1);
});

test("from the first percentile that the probes have too few deliveries for, it is everybody's", () => {
  const { ms, source } = headline(ramp(100), ramp(1000));
  expect(source).toEqual({ p50: "probes", p90: "probes", p95: "population", p99: "population", max: "population" });
  expect(ms.p50).toBeCloseTo(50, 0);
  expect(ms.p99).toBeCloseTo(990, -1);
  expect(ms.max! / 1000).toBeCloseTo(1, 2);
});
