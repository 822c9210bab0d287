import { describe, expect, test } from "vitest";
import { createPlacement } from "./placement.ts";
import type { Crowd } from "./placement.ts";

const CROWDS = [
  [1, 1, 1],
  [10, 10, 3],
  [100, 7, 1],
  [100, 50, 4],
  [1000, 10, 3],
  [1000, 1000, 8],
  [5000, 300, 4],
  [20_000, 19_999, 2],
  [30_000, 2000, 64],
] as const;

function placesOf(crowd: Crowd): { topics: number[]; instances: number[] } {
  const { topicOf, instanceOf } = createPlacement(crowd);
  const indices = Array.from({ length: crowd.subscribers }, (_, i) => i);
  return { topics: indices.map(topicOf), instances: indices.map(instanceOf) };
}

function tally(values: readonly number[], length: number): number[] {
  const counts = Array.from({ length }, () => 0);
  for (const value of values) counts[value]!++;
  return counts;
}

/** The largest number from 0 to `high` for which it holds. */
function bisect(holds: (value: number) => boolean, high: number): number {
  let [from, to] = [0, high];
  for (let step = 0; step < 60; step++) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return from;
}

/** By how much the largest passes the smallest. */
const spread = (counts: readonly number[]): number => Math.max(...counts) - Math.min(...counts);

describe.each(CROWDS)("%i subscribers on %i topics and %i instances", (subscribers, topics, instances) => {
  test("evenly: topics in turn, each with as many as the others to within one", () => {
    const places = placesOf({ subscribers, topics, instances, popularity: "even" });
    expect(places.topics).toEqual(Array.from({ length: subscribers }, (_, i) => i % topics));
    expect(spread(tally(places.topics, topics))).toBeLessThanOrEqual(1);
  });

  test("by Zipf: the counts add up, none is empty, none has more than the one before, and each is its share to within one", () => {
    const counts = tally(placesOf({ subscribers, topics, instances, popularity: "zipf" }).topics, topics);
    expect(counts.reduce((sum, count) => sum + count)).toBe(subscribers);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    // In proportion to 1/k, but for those whose share is less than one: what share the first must have for all to add up.
    const sharesOf = (first: number): number[] => counts.map((_, k) => Math.max(1, first / (k + 1)));
    const first = bisect((guess) => sharesOf(guess).reduce((sum, share) => sum + share) <= subscribers, subscribers);
    const shares = sharesOf(first);
    expect(Math.max(...counts.map((count, k) => Math.abs(count - shares[k]!)))).toBeLessThan(1);
  });

  test("by Zipf: a stretch of the connect order has of every topic its share, to within two", () => {
    const { topics: dealt } = placesOf({ subscribers, topics, instances, popularity: "zipf" });
    const counts = tally(dealt, topics);
    const length = Math.ceil(subscribers / 16);
    for (let from = 0; from + length <= subscribers; from += length) {
      const here = tally(dealt.slice(from, from + length), topics);
      expect(Math.max(...here.map((count, k) => Math.abs(count - (counts[k]! * length) / subscribers)))).toBeLessThan(2);
    }
  });

  test.each(["even", "zipf"] as const)("%s: subscribers of a topic, and all of them, are spread over the instances", (popularity) => {
    const places = placesOf({ subscribers, topics, instances, popularity });
    const ofTopic = Array.from({ length: topics }, () => Array.from({ length: instances }, () => 0));
    for (const [i, topic] of places.topics.entries()) ofTopic[topic]![places.instances[i]!]!++;
    expect(Math.max(...ofTopic.map(spread))).toBeLessThanOrEqual(1);
    const all = tally(places.instances, instances);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(Math.floor((subscribers / instances) * 0.8));
  });
});

test("ten topics of a thousand subscribers by Zipf are what largest remainders make of 1000 / (k · 2.929)", () => {
  const { topics } = placesOf({ subscribers: 1000, topics: 10, instances: 1, popularity: "zipf" });
  // 341.4, 170.7, 113.8, 85.4, 68.3, 56.9, 48.8, 42.7, 37.9, 34.1: seven are rounded up.
  expect(tally(topics, 10)).toEqual([341, 171, 114, 85, 68, 57, 49, 43, 38, 34]);
});

test("topics with one subscriber do not have them together", () => {
  const { topics } = placesOf({ subscribers: 1100, topics: 1000, instances: 1, popularity: "zipf" });
  const counts = tally(topics, 1000);
  const alone = topics.map((topic) => (counts[topic] === 1 ? 1 : 0));
  for (let from = 0; from < 1100; from += 110) {
    const here = alone.slice(from, from + 110).reduce<number>((sum, one) => sum + one, 0);
    expect(Math.abs(here - alone.reduce<number>((sum, one) => sum + one, 0) / 10)).toBeLessThan(10);
  }
});
