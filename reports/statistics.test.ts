import { describe, expect, it } from "vitest";
import { median, quantile, spread } from "./statistics.ts";
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

describe("spread", () => {
  it("of one value has no interval", () => {
    expect(spread([4.2])).toEqual({ median: 4.2, low: 4.2, high: 4.2, interval: "none" });
  });

  it("of two to five values is their range, and says so", () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3, interval: "range" });
    expect(spread([5, 1, 2, 3, 4]).interval).toBe("range");
  });

  // 95 % lies between the extremes of six (96.875 %) and the two within (78.125 %), by the formula 0.357 of the way.
  it("of six values lies between the two outermost at either end", () => {
    const { low, high, interval } = spread([10, 11, 12, 13, 15, 19]);
    expect(interval).toBe("95%");
    expect(low).toBeCloseTo(10 + 5 / 14, 9);
    expect(high).toBeCloseTo(19 - (4 * 5) / 14, 9);
  });

  // The ranks of the sign test's table: between the 6th and the 7th of 20, and the 50th and 51st of 120, from either end.
  it.each([
    [20, 6],
    [120, 49],
  ])("of %i values begins at value %i or right after", (count, rank) => {
    const { low, high } = spread(Array.from({ length: count }, (_, i) => i + 1));
    expect(Math.floor(low)).toBe(rank);
    expect(low + high).toBeCloseTo(count + 1, 9);
  });

  it("is given for counts, of which some are 0", () => {
    expect(spread([0, 0, 0, 0, 0, 2])).toMatchObject({ median: 0, low: 0, interval: "95%" });
  });
});

/** Draws of one figure, a trial each, from a source that is uniform in [0, 1). */
type Trial = (random: () => number) => number;

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The p99 of messages that come in bursts, all of a burst as late: of 1,000 messages there are some 20 that are independent. */
const p99OfBursts: Trial = (random) => {
  const bursts: (readonly [ms: number, messages: number])[] = [];
  for (let left = 1000; left > 0;) {
    const messages = Math.min(left, Math.ceil(-50 * Math.log(1 - random())));
    bursts.push([1 - 4 * Math.log(1 - random()), messages]);
    left -= messages;
  }
  bursts.sort(([a], [b]) => b - a);
  let above = 0;
  return bursts.find(([, messages]) => (above += messages) > 10)![0];
};

describe("the interval of repeated trials", () => {
  const sources: readonly (readonly [name: string, trial: Trial])[] = [
    ["near one another", (random) => 5 * Math.exp(0.02 * normal(random))],
    ["far apart", (random) => 5 * Math.exp(0.3 * normal(random))],
    ["with a tail", (random) => 5 + -Math.log(1 - random())],
    ["of two modes", (random) => (random() < 0.3 ? 10 : 5 + 0.1 * normal(random))],
    ["that are the p99 of bursts", p99OfBursts],
  ];
  const cases = [6, 10, 20].flatMap((trials) => sources.map(([name, trial]) => [trials, name, trial] as const));

  // METHOD R9. The true centre is the median of 50,000 further draws.
  it.each(cases)("covers the true centre of %i trials %s in 93 to 97 of 100", (trials, _, trial) => {
    const random = seededRandom(20_250);
    const centre = median(Array.from({ length: 50_000 }, () => trial(random)));
    let covered = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const { low, high } = spread(Array.from({ length: trials }, () => trial(random)));
      if (low <= centre && centre <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.97);
  });

  it("of messages within one trial would cover far less, which is why there is none", () => {
    const random = seededRandom(7);
    const centre = median(Array.from({ length: 20_000 }, () => p99OfBursts(random)));
    // As if each of the 1,000 messages were independent: the order statistics that enclose p99 in 95 of 100 then.
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const messages: number[] = [];
      while (messages.length < 1000) {
        const ms = 1 - 4 * Math.log(1 - random());
        for (let burst = Math.ceil(-50 * Math.log(1 - random())); burst > 0 && messages.length < 1000; burst--) messages.push(ms);
      }
      messages.sort((a, b) => a - b);
      if (messages[983]! <= centre && centre <= messages[996]!) covered++;
    }
    expect(covered / 1000).toBeLessThan(0.8);
  });
});
