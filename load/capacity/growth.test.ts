import { expect, test } from "vitest";
import { encodeHistogram } from "../hdr.ts";
import { createHistogram } from "../histogram.ts";
import type { Measurement } from "../measurement.ts";
import { seededRandom } from "../random.ts";
import { backlogGrowth } from "./growth.ts";

/** A window of seconds whose p50s are these, in ms; a second of warm-up before it, far off. */
function window(p50s: readonly number[], deliveries = 50): Pick<Measurement, "seconds" | "scenario"> {
  const second = (atSecond: number, ms: number) => {
    const histogram = createHistogram();
    histogram.record(Math.round(ms * 1e6), deliveries);
    const population = encodeHistogram(histogram);
    return { atSecond, published: 10, delivered: deliveries, errors: 0, population, probes: population };
  };
  const seconds = [second(-1, 900), ...p50s.map((ms, at) => second(at, ms)), second(p50s.length, 900)];
  return { seconds, scenario: { durationMs: p50s.length * 1000 } as Measurement["scenario"] };
}

test("a backlog that grows by 3 ms a second is read back as that", () => {
  const growth = backlogGrowth(window([2, 5, 8, 11, 14, 17]))!;
  expect(growth.slope.value).toBeCloseTo(3, 2);
  expect(growth.riseMs).toBeCloseTo(15, 1);
});

test("neither noise nor what falls nor what is too short to tell is growth", () => {
  expect(backlogGrowth(window([17, 14, 11, 8, 5, 2]))).toBeUndefined();
  expect(backlogGrowth(window([2, 5, 8, 11]))).toBeUndefined();
  expect(backlogGrowth(window([2, 5, 8, 11, 14, 17], 5))).toBeUndefined();
  // A tenth of a ms a second is no backlog, however sure it is.
  expect(backlogGrowth(window([2, 2.1, 2.2, 2.3, 2.4, 2.5]))).toBeUndefined();
  // Nor is what a fifth of the latency covers.
  expect(backlogGrowth(window([100, 102, 104, 106, 108, 110]))).toBeUndefined();
});

test("of flat windows with noise of a fifth hardly one is called growing, of those a server falls behind in by 1 % hardly one is not", () => {
  let [flat, falling] = [0, 0];
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed);
    const noisy = (at: number, growthMs: number): number => 3 * (0.8 + 0.4 * random()) + growthMs * at;
    if (backlogGrowth(window(Array.from({ length: 6 }, (_, at) => noisy(at, 0)))) !== undefined) flat++;
    // A hundredth of each second is not served in it.
    if (backlogGrowth(window(Array.from({ length: 6 }, (_, at) => noisy(at, 10)))) !== undefined) falling++;
  }
  expect(flat).toBeLessThanOrEqual(3);
  expect(falling).toBeGreaterThanOrEqual(97);
});
