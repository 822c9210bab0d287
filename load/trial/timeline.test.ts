import { expect, test } from "vitest";
import { decodeHistogram } from "../hdr.ts";
import { createHistogram } from "../histogram.ts";
import { createTimeline } from "./timeline.ts";

function second(atSecond: number, ms: readonly number[], { elu = 0.1, errors = 0, reconnects = 0 } = {}) {
  const histogram = createHistogram();
  for (const value of ms) histogram.record(value * 1e6);
  return { kind: "second", atSecond, delivered: ms.length, errors, reconnects, latency: histogram.toSparse(), elu } as const;
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
  timeline.received("subscribers", second(0, [30], { errors: 2, reconnects: 3 }));
  const [only] = timeline.seconds();
  expect(only).toMatchObject({ atSecond: 0, published: 4, delivered: 3, errors: 2, reconnects: 3 });
  expect(decodeHistogram(only!.probes).count).toBe(2);
  expect(decodeHistogram(only!.population).count).toBe(3);
});

test("a window that is postponed is where seconds count from, also those that were told before", () => {
  const timeline = createTimeline(1);
  timeline.published(-1, 5);
  timeline.received("probes", second(-1, [1]));
  timeline.postpone(2);
  timeline.received("probes", second(0, [1, 2]));
  expect(timeline.seconds().map(({ atSecond, published, delivered }) => [atSecond, published, delivered])).toEqual([
    [-3, 5, 1],
    [-2, 0, 2],
  ]);
  timeline.postpone(1);
  expect(timeline.told()).toEqual([
    { atSecond: -4, delivered: 1 },
    { atSecond: -3, delivered: 2 },
  ]);
});

test("a second is told once every worker has told it", () => {
  const timeline = createTimeline(2);
  timeline.received("probes", second(1, [1]));
  timeline.received("probes", second(0, [1]));
  timeline.received("subscribers", second(1, [1, 1]));
  timeline.published(3, 1);
  expect(timeline.told()).toEqual([{ atSecond: 1, delivered: 3 }]);
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
