import { expect, test } from "vitest";
import { decodeHistogram } from "../hdr.ts";
import { createHistogram } from "../histogram.ts";
import { createTimeline } from "./timeline.ts";

function second(atSecond: number, ms: readonly number[], { elu = 0.1, errors = 0 } = {}) {
  const histogram = createHistogram();
  for (const value of ms) histogram.record(value * 1e6);
  return { kind: "second", atSecond, delivered: ms.length, errors, latency: histogram.toSparse(), elu } as const;
}

test("a second is live once every worker has told it, with what all of them received", () => {
  const timeline = createTimeline(2);
  expect(timeline.received("probes", second(0, [1, 2]))).toBeUndefined();
  const live = timeline.received("subscribers", second(0, [3, 4, 5], { elu: 0.7 }));
  expect(live).toMatchObject({ delivered: 5, elu: 0.7 });
  expect(live!.latency.count).toBe(5);
});

test("probes are part of the population, and stand alone besides", () => {
  const timeline = createTimeline(2);
  timeline.published(0, 4);
  timeline.received("probes", second(0, [1, 2]));
  timeline.received("subscribers", second(0, [30], { errors: 2 }));
  const [only] = timeline.seconds();
  expect(only).toMatchObject({ atSecond: 0, published: 4, delivered: 3, errors: 2 });
  expect(decodeHistogram(only!.probes).count).toBe(2);
  expect(decodeHistogram(only!.population).count).toBe(3);
});

test("every second from the first to the last is there, in order, those of which nothing was told too", () => {
  const timeline = createTimeline(1);
  timeline.received("probes", second(2, [1]));
  timeline.received("probes", second(-2, [1]));
  expect(timeline.seconds().map(({ atSecond, delivered }) => [atSecond, delivered])).toEqual([
    [-2, 1],
    [-1, 0],
    [0, 0],
    [1, 0],
    [2, 1],
  ]);
  expect(createTimeline(1).seconds()).toEqual([]);
});
