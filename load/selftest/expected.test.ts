import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { constant, heldInBatches, polledWithin, latenciesOfStalls, logNormal, quantileOf, twoModes } from "./expected.ts";

test.each([
  [0, 1],
  [0.5, 50],
  [0.505, 51],
  [0.99, 99],
  [1, 100],
])("quantile %d of 1 to 100 is %d", (q, value) => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(quantileOf(values, q)).toBe(value);
});

test("what was due in a stall waits for its end, and nothing else waits", () => {
  const stalls = [
    [100, 200],
    [500, 650],
  ] as const;
  expect(latenciesOfStalls([99, 100, 150, 199, 200, 500, 640, 650], stalls)).toEqual([0, 100, 50, 1, 0, 150, 10, 0]);
});

test("quantiles of a stall follow the closed form of METHOD R1", () => {
  const [period, length] = [5e9, 5e8];
  const due = Array.from({ length: 50_000 }, (_, i) => i * 1e6);
  const stalls = Array.from({ length: 10 }, (_, k): [number, number] => [k * period, k * period + length]);
  const latencies = latenciesOfStalls(due, stalls);
  const share = length / period;
  for (const q of [0.95, 0.99, 0.999]) {
    const expected = length * (1 - (1 - q) / share);
    expect(Math.abs(quantileOf(latencies, q) - expected)).toBeLessThan(2e6);
  }
});

test("what opens a batch waits for all of it, and what comes later for the rest", () => {
  expect(heldInBatches([0, 40, 100, 101, 350], 100)).toEqual([100, 60, 0, 100, 100]);
});

test("at an even rate messages wait half a batch on average", () => {
  const due = Array.from({ length: 10_000 }, (_, i) => i * 1e6);
  const waits = heldInBatches(due, 99.5e6);
  expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 1e6).toBeCloseTo(50, 0);
  expect(Math.max(...waits)).toBe(99.5e6);
});

test("a poller is told within an interval, at any time in it alike", () => {
  const latencies = polledWithin([10e6, 30e6], 4e6);
  expect(quantileOf(latencies, 0.25) / 1e6).toBeCloseTo(12, 0);
  expect(quantileOf(latencies, 0.75) / 1e6).toBeCloseTo(32, 0);
  expect(Math.min(...latencies)).toBeGreaterThan(10e6);
  expect(Math.max(...latencies)).toBeLessThan(34e6);
});

test("delays are drawn as they are named", () => {
  const draw = (of: (random: () => number) => number): number[] => {
    const random = seededRandom(7);
    return Array.from({ length: 20_000 }, () => of(random));
  };
  expect(new Set(draw(constant(50)))).toEqual(new Set([50]));
  const modes = draw(twoModes(5, 60, 0.3));
  expect(modes.filter((ms) => ms === 60).length / modes.length).toBeCloseTo(0.3, 1);
  const normal = draw(logNormal(10, 0.5)).map((ms) => Math.log(ms / 10) / 0.5);
  const mean = normal.reduce((sum, z) => sum + z, 0) / normal.length;
  const variance = normal.reduce((sum, z) => sum + (z - mean) ** 2, 0) / normal.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
