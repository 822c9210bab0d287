import { describe, expect, test } from "vitest";
import { seededRandom } from "../load/random.ts";
import { countOdds, isCount } from "./count-odds.ts";

test.each(["messages_lost", "errors.connect", "server_fds_leaked", "reconnects"])("%s is a count", (metric) => {
  expect(isCount(metric)).toBe(true);
});

test.each(["server_fds", "delivery_rate", "messages_delivered"])("%s is none", (metric) => expect(isCount(metric)).toBe(false));

describe("counts of two runs", () => {
  test("of no events are the same, and nothing is tested", () => {
    expect(countOdds([0, 1000], [0, 1000], 0.03)).toEqual({ ratio: { value: 1, low: 1, high: 1 } });
  });

  test("have no ratio where there was none before, and exact odds", () => {
    // All ten of ten on one side of equal exposure, but for the band: 2 · (1.03/2.03)^10.
    expect(countOdds([0, 1000], [10, 1000], 0.03).ratio).toBeUndefined();
    expect(countOdds([0, 1000], [10, 1000], 0.03).p).toBeCloseTo(2 * (1.03 / 2.03) ** 10, 12);
    expect(countOdds([0, 1000], [10, 1000], 0).p).toBeCloseTo(2 / 1024, 12);
  });

  test("have the interval of Clopper and Pearson for the share of one side", () => {
    // Of 20 events 15 in head: the share lies in [0.5090, 0.9134] (their tables).
    const { ratio } = countOdds([5, 1], [15, 1], 0);
    expect(ratio!.value).toBe(3);
    expect(ratio!.low / (1 + ratio!.low)).toBeCloseTo(0.509, 3);
    expect(ratio!.high! / (1 + ratio!.high!)).toBeCloseTo(0.9134, 4);
  });

  test("are each other's mirror", () => {
    const [there, back] = [countOdds([4, 100], [19, 300], 0.05), countOdds([19, 300], [4, 100], 0.05)];
    expect(back.ratio!.value).toBeCloseTo(1 / there.ratio!.value, 12);
    expect(back.ratio!.low).toBeCloseTo(1 / there.ratio!.high!, 9);
    expect(back.ratio!.high).toBeCloseTo(1 / there.ratio!.low, 9);
    expect(back.p).toBeCloseTo(there.p!, 12);
  });

  test("are weighed by what was at risk", () => {
    expect(countOdds([10, 1000], [20, 2000], 0).ratio!.value).toBe(1);
    expect(countOdds([10, 1000], [20, 2000], 0).p).toBe(1);
    expect(countOdds([10, 1000], [20, 1000], 0).p).toBeLessThan(0.1);
  });

  test("that end with none lie wholly below", () => {
    const { ratio, p } = countOdds([12, 100], [0, 100], 0.03);
    expect([ratio!.value, ratio!.low]).toEqual([0, 0]);
    expect(ratio!.high).toBeLessThan(0.4);
    expect(p).toBeLessThan(0.001);
  });

  test("of millions take the normal distribution, and go on where the exact sum ends", () => {
    const [below, above] = [countOdds([1990, 1], [2300, 1], 0.03), countOdds([2010, 1], [2323, 1], 0.03)];
    expect(above.ratio!.low).toBeCloseTo(below.ratio!.low, 2);
    expect(above.ratio!.high).toBeCloseTo(below.ratio!.high!, 2);
    expect(Math.log(above.p!) / Math.log(below.p!)).toBeCloseTo(1, 1);
    const started = performance.now();
    expect(countOdds([15_000_000, 1], [15_100_000, 1], 0).p).toBeLessThan(0.001);
    expect(countOdds([3, 1], [15_000_000, 1], 0).p).toBe(0);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("of equal rates look different in no more than five of a hundred cases", () => {
    const random = seededRandom(11);
    const poisson = (): number => {
      let [count, product] = [0, random()];
      for (; product > Math.exp(-20); count++) product *= random();
      return count;
    };
    const cases = 3_000;
    let wrong = 0;
    for (let i = 0; i < cases; i++) if ((countOdds([poisson(), 1], [poisson(), 1], 0).p ?? 1) <= 0.05) wrong++;
    expect(wrong / cases).toBeLessThan(0.05);
    expect(wrong / cases).toBeGreaterThan(0.01);
  });
});
