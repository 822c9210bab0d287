import { describe, expect, it } from "vitest";
import { seededRandom } from "./random.ts";
import { steadinessOf } from "./steadiness.ts";

/** Standard normal numbers by Box and Muller. */
function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Noise of standard deviation 1, from a seed. */
type Noise = (seed: number) => () => number;

const heavyTailed: Noise = (seed) => {
  const normal = normals(seed);
  // Student's t with three degrees of freedom; its variance is 3.
  return () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3) / Math.sqrt(3);
};

const correlated =
  (by: number): Noise =>
  (seed) => {
    const normal = normals(seed);
    let last = normal();
    return () => (last = by * last + Math.sqrt(1 - by * by) * normal());
  };

const series = (values: readonly number[]) => values.map((cpuUsPerDelivery, atSecond) => ({ atSecond, cpuUsPerDelivery }));
const judge = (values: readonly number[]) => steadinessOf(series(values), values.length);

const TIMES = 1000;

/** Share of so many noisy series of that shape that are called not steady. */
function flagged(seconds: number, noise: Noise, sigma: number, shape: (second: number) => number = () => 1): number {
  const next = noise(seconds * 1000 + sigma * 100);
  let count = 0;
  for (let i = 0; i < TIMES; i++) {
    const values = Array.from({ length: seconds }, (_, second) => 10 * shape(second) * Math.exp(sigma * next()));
    if (judge(values).verdict === "not-steady") count++;
  }
  return count / TIMES;
}

const LENGTHS = [6, 8, 10, 20, 60];

describe("a flat series", () => {
  const cases = LENGTHS.flatMap((seconds) => [0.03, 0.05, 0.1].map((sigma) => [seconds, sigma] as const));

  it.each(cases)("of %d seconds with a noise of %d is flagged in 7 of 100 cases at most", (seconds, sigma) => {
    expect(flagged(seconds, normals, sigma)).toBeLessThanOrEqual(0.07);
    expect(flagged(seconds, heavyTailed, sigma)).toBeLessThanOrEqual(0.07);
  });

  it.each(cases)("of %d seconds with a noise of %d whose neighbours are alike is flagged in 12 of 100 at most", (seconds, sigma) => {
    expect(flagged(seconds, correlated(0.3), sigma)).toBeLessThanOrEqual(0.12);
  });
});

describe("nearly always flagged is", () => {
  const atMost5 = [8, 10, 20, 60].flatMap((seconds) => [0.03, 0.05].map((sigma) => [seconds, sigma] as const));

  it.each(atMost5)("in %d seconds with a noise of %d a ramp of 10 % a second, up or down", (seconds, sigma) => {
    expect(flagged(seconds, normals, sigma, (second) => 1 + 0.1 * second)).toBeGreaterThanOrEqual(0.99);
    expect(flagged(seconds, normals, sigma, (second) => 1 / (1 + 0.1 * second))).toBeGreaterThanOrEqual(0.99);
  });

  it.each(atMost5)("in %d seconds with a noise of %d a step by half", (seconds, sigma) => {
    expect(flagged(seconds, normals, sigma, (second) => (second < seconds / 2 ? 1 : 1.5))).toBeGreaterThanOrEqual(0.94);
    expect(flagged(seconds, normals, sigma, (second) => (second < seconds / 2 ? 1.5 : 1))).toBeGreaterThanOrEqual(0.94);
  });

  it.each(atMost5)("in %d seconds with a noise of %d what grows from the middle on by a fifth a second", (seconds, sigma) => {
    expect(flagged(seconds, normals, sigma, (second) => 1.2 ** Math.max(0, second - seconds / 2))).toBeGreaterThanOrEqual(0.97);
  });

  it("in a minute a leak of 1 % a second, at the most noise that is usual", () => {
    expect(flagged(60, normals, 0.1, (second) => 1 + 0.01 * second)).toBeGreaterThanOrEqual(0.99);
  });
});

describe("what it says", () => {
  it("are slope and thirds of what was put in", () => {
    const noise = normals(5);
    const { verdict, seconds, slope, firstThirdUs, lastThirdUs, change } = judge(
      Array.from({ length: 12 }, (_, second) => 20 * Math.exp(0.03 * second + 0.001 * noise())),
    );
    expect([verdict, seconds]).toEqual(["not-steady", 12]);
    expect(slope!.value).toBeCloseTo(0.03, 3);
    expect(slope!.low).toBeLessThan(0.03);
    expect(slope!.high).toBeGreaterThan(0.03);
    // The thirds lie eight seconds apart, and the first is centred on second 1.5.
    expect(firstThirdUs).toBeCloseTo(20 * Math.exp(0.045), 1);
    expect(lastThirdUs! / firstThirdUs!).toBeCloseTo(Math.exp(0.24), 2);
    expect(change!.value).toBeCloseTo(Math.expm1(0.24), 2);
  });

  it("counts by time where a second is missing", () => {
    const values = series([1, 2, 4, 8, 16, 32, 64, 128]).filter(({ atSecond }) => atSecond !== 3);
    expect(steadinessOf(values, 8).slope!.value).toBeCloseTo(Math.LN2, 9);
  });

  it("is steady where thirds differ by much, but by less than their noise beyond 5 %", () => {
    const { verdict, change } = judge([9, 14, 10, 13, 9, 12, 15, 9, 14]);
    expect(verdict).toBe("steady");
    expect(change!.value).toBeGreaterThan(0.05);
    expect(change!.low).toBeLessThan(0);
  });

  it("is not steady where the thirds lie apart though no line does", () => {
    const { verdict, slope } = judge([10, 10.1, 15, 15.1, 15, 15.1]);
    expect(slope!.low).toBeLessThan(0);
    expect(verdict).toBe("not-steady");
  });

  it("of five seconds is that they are too few, and of ten of which five had values that there is no data", () => {
    expect(judge([1, 2, 3, 4, 5])).toEqual({ verdict: "too-short", seconds: 5 });
    expect(steadinessOf(series([1, 2, 3, 4, 5]), 10)).toEqual({ verdict: "no-data", seconds: 5 });
    expect(judge([3, 3, 3, 3, 3, 3]).verdict).toBe("steady");
  });
});
