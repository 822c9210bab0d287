import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBatches } from "./batches.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function collector(batchBytes = 1000) {
  const handedOn: string[] = [];
  const batches = createBatches({ batchMs: 100, batchBytes }, (topic, payloads) => handedOn.push(`${topic} ${payloads.join(",")}`));
  return { batches, handedOn };
}

test("the first message opens a window, and all that come within it are handed on together when it has passed, not before", () => {
  const { batches, handedOn } = collector();
  vi.advanceTimersByTime(70);
  batches.add("t", "a");
  vi.advanceTimersByTime(99);
  batches.add("t", "b");
  expect(handedOn).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(handedOn).toEqual(["t a,b"]);
});

test("the next message opens a window of its own", () => {
  const { batches, handedOn } = collector();
  batches.add("t", "a");
  vi.advanceTimersByTime(150);
  batches.add("t", "b");
  vi.advanceTimersByTime(99);
  expect(handedOn).toEqual(["t a"]);
  vi.advanceTimersByTime(1);
  expect(handedOn).toEqual(["t a", "t b"]);
});

test("each topic has its own window", () => {
  const { batches, handedOn } = collector();
  batches.add("left", "a");
  vi.advanceTimersByTime(60);
  batches.add("right", "b");
  vi.advanceTimersByTime(40);
  expect(handedOn).toEqual(["left a"]);
  vi.advanceTimersByTime(60);
  expect(handedOn).toEqual(["left a", "right b"]);
});

test("a batch that holds the bound is handed on at once, and what follows opens a new window", () => {
  const { batches, handedOn } = collector(4);
  batches.add("t", "ab");
  batches.add("t", "cd");
  expect(handedOn).toEqual(["t ab,cd"]);
  vi.advanceTimersByTime(50);
  batches.add("t", "e");
  vi.advanceTimersByTime(99);
  expect(handedOn).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(handedOn).toEqual(["t ab,cd", "t e"]);
});

test("what is held back can be handed on at once, and leaves no timer behind", () => {
  const { batches, handedOn } = collector();
  batches.add("left", "a");
  batches.add("right", "b");
  batches.flush();
  batches.flush();
  expect(handedOn).toEqual(["left a", "right b"]);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is published as a batch is handed on waits for a window of its own", () => {
  const handedOn: string[] = [];
  const batches = createBatches({ batchMs: 100, batchBytes: 1000 }, (_, payloads) => {
    handedOn.push(payloads.join(","));
    if (handedOn.length < 3) batches.add("t", `after ${handedOn.length}`);
  });
  batches.add("t", "a");
  vi.advanceTimersByTime(100);
  expect(handedOn).toEqual(["a"]);
  vi.advanceTimersByTime(100);
  expect(handedOn).toEqual(["a", "after 1"]);
});

test("a window keeps no process alive", () => {
  // Vitest gives back what a spy stood before once more when the file has ended: were it the false clock, every file to come would have that.
  vi.useRealTimers();
  const { batches } = collector();
  const started = vi.spyOn(globalThis, "setTimeout");
  batches.add("t", "a");
  const timer = started.mock.results[0]!.value as NodeJS.Timeout;
  started.mockRestore();
  expect(timer.hasRef()).toBe(false);
  clearTimeout(timer);
});
