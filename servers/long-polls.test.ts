import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHub } from "./hub.ts";
import { createLongPolls, readWait } from "./long-polls.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

function room() {
  const hub = createHub({ historyMessages: 8, backpressureBytes: 1000 });
  const polls = createLongPolls(hub);
  const replies: unknown[] = [];
  const hold = (after: number | undefined, topic = "t"): (() => void) =>
    polls.hold({ topic, after, waitMs: 1000 }, (json) => replies.push(json === undefined ? "nothing" : JSON.parse(json)));
  return { hub, polls, replies, hold };
}

test("without a cursor it is the hello, at once", () => {
  const { hub, replies, hold } = room();
  hub.publish("t", "a");
  hold(undefined);
  expect(replies).toEqual([{ next: 2, missed: 0, messages: [] }]);
});

test("what came before it is answered at once, and so is that something is missing", () => {
  const { hub, replies, hold } = room();
  hub.publish("t", "a");
  hold(0);
  hold(5);
  expect(replies).toEqual([
    { next: 2, missed: 0, messages: ["a"] },
    { next: 2, missed: null, messages: [] },
  ]);
  expect(hub.counts().subscriptions).toBe(0);
});

test("all who are held get what is published together in one answer, each counted", async () => {
  const { hub, replies, hold } = room();
  hold(0);
  hold(0);
  hold(0, "other");
  hub.publish("t", "a");
  hub.publish("other", "o");
  hub.publish("t", "b");
  await Promise.resolve();
  const both = { next: 3, missed: 0, messages: ["a", "b"] };
  expect(replies).toEqual([both, both, { next: 2, missed: 0, messages: ["o"] }]);
  expect(hub.counts()).toMatchObject({ delivered: 5, subscriptions: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("one that has waited long enough is told nothing, once", async () => {
  const { hub, replies, hold } = room();
  hold(0);
  vi.advanceTimersByTime(999);
  expect(replies).toEqual([]);
  vi.advanceTimersByTime(1);
  hub.publish("t", "too late");
  await Promise.resolve();
  expect(replies).toEqual(["nothing"]);
  expect(hub.counts()).toMatchObject({ delivered: 0, subscriptions: 0 });
});

test("one that is given up is told nothing and counts nothing, woken or not", async () => {
  const { hub, replies, hold } = room();
  const [early, woken] = [hold(0), hold(0)];
  early();
  hub.publish("t", "a");
  woken();
  await Promise.resolve();
  expect(replies).toEqual([]);
  expect(hub.counts()).toMatchObject({ delivered: 0, subscriptions: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

test("the end tells all who are held", () => {
  const { hub, polls, replies, hold } = room();
  hold(0);
  hold(0, "other");
  polls.end();
  expect(replies).toEqual(["nothing", "nothing"]);
  expect(hub.counts().subscriptions).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test("the end comes after what was published just before it", async () => {
  const { hub, polls, replies, hold } = room();
  hold(0);
  hold(0, "other");
  hub.publish("t", "a");
  polls.end();
  await Promise.resolve();
  expect(replies).toEqual([{ next: 2, missed: 0, messages: ["a"] }, "nothing"]);
  expect(hub.counts()).toMatchObject({ delivered: 1, subscriptions: 0 });
});

test.each([
  ["topic=t", 25_000],
  ["wait=0", 0],
  ["topic=t&wait=60000", 60_000],
  ["wait=60001", undefined],
  ["wait=-1", undefined],
  ["wait=1.5", undefined],
  ["wait=", undefined],
  ["wait=soon", undefined],
])("the wait of %s is %s", (query, waitMs) => expect(readWait(query)).toBe(waitMs));
