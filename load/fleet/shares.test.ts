import { expect, test } from "vitest";
import { createPlacement } from "../placement.ts";
import { planShares } from "./shares.ts";

const crowd = (subscribers: number, topics = 1, instances = 1) => ({ subscribers, topics, instances, popularity: "even" }) as const;

test.each([1, 2, 16, 17, 100, 1000, 50_000])("%i subscribers are each dealt once", (subscribers) => {
  const { probes, workers } = planShares(crowd(subscribers), 2, 20_000);
  const all = [...probes, ...workers.flat()].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: subscribers }, (_, i) => i));
  expect(probes).toHaveLength(Math.min(16, subscribers));
});

test("probes lie in the middle of each sixteenth of the connect order", () => {
  const { probes } = planShares(crowd(1600), 2, 20_000);
  expect(probes).toEqual(Array.from({ length: 16 }, (_, k) => 49 + 100 * k));
});

// Each of these put all probes on one instance or topic while they stood at a fixed stride.
test.each([
  [32, 1, 2],
  [1024, 1, 2],
  [4000, 1, 2],
  [8000, 1, 4],
  [160, 10, 1],
  [800, 10, 1],
  [1600, 100, 1],
  [16_000, 16, 1],
  [6400, 100, 4],
])(
  "probes of %i subscribers on %i topics and %i instances are spread over both, one in each sixteenth",
  (subscribers, topics, instances) => {
    const { probes } = planShares(crowd(subscribers, topics, instances), 2, 20_000);
    const placement = createPlacement(crowd(subscribers, topics, instances));
    expect(probes.map((index) => Math.floor((index * 16) / subscribers))).toEqual(Array.from({ length: 16 }, (_, k) => k));
    const counts = (placeOf: (index: number) => number): number[] => {
      const seen = new Map<number, number>();
      for (const index of probes) {
        seen.set(placeOf(index), (seen.get(placeOf(index)) ?? 0) + 1);
      }
      return [...seen.values()];
    };
    expect(counts(placement.instanceOf)).toEqual(Array.from({ length: instances }, () => 16 / instances));
    expect(Math.max(...counts(placement.topicOf))).toBe(Math.ceil(16 / topics));
  },
);

test("no worker holds more than its descriptors allow", () => {
  const { workers } = planShares(crowd(50_000), 2, 20_000);
  expect(workers.length).toBe(3);
  for (const indices of workers) expect(indices.length).toBeLessThan(19_900);
});

test("a small load takes one worker", () => {
  expect(planShares(crowd(100), 8, 20_000).workers).toHaveLength(1);
});
