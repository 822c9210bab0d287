import { expect, test } from "vitest";
import { countFrom, createHistory, firstKept, forgetOldest, kept, messageAt, push } from "./history.ts";

const LIMITS = { messages: 3, bytes: 10_000 };

test("sequence numbers run from 1, whatever is kept", () => {
  const history = createHistory();
  expect([push(history, "a", LIMITS).sequence, push(history, "b", { messages: 0, bytes: 0 }).sequence]).toEqual([1, 2]);
  expect(kept(history)).toBe(0);
  expect(firstKept(history)).toBe(3);
  expect(history.bytes).toBe(0);
});

test("the newest messages within the limit are kept, and found by their numbers", () => {
  const history = createHistory();
  for (let n = 1; n <= 1000; n++) {
    push(history, `payload ${n}`, LIMITS);
    const first = Math.max(1, n - 2);
    expect(firstKept(history)).toBe(first);
    for (let sequence = first; sequence <= n; sequence++) {
      expect(messageAt(history, sequence)).toEqual({ sequence, payload: `payload ${sequence}` });
    }
  }
});

test("a limit in bytes lets go of old messages as well", () => {
  const history = createHistory();
  for (let n = 1; n <= 10; n++) push(history, "x".repeat(2500), { messages: 100, bytes: 10_000 });
  expect(kept(history)).toBe(3);
  expect(history.bytes).toBeLessThanOrEqual(10_000);
});

test("asking for what is not kept is a bug and says so", () => {
  const history = createHistory();
  for (let n = 1; n <= 5; n++) push(history, "x", LIMITS);
  expect(() => messageAt(history, 2)).toThrow("message 2 is not kept: history holds 3 to 5");
  expect(() => messageAt(history, 6)).toThrow("not kept");
});

test("messages are counted from the newest one with a payload on", () => {
  const history = createHistory();
  for (const payload of ["a", "b", "a", "c"]) push(history, payload, { messages: 3, bytes: 10_000 });
  expect(["c", "a", "b"].map((payload) => countFrom(history, payload))).toEqual([1, 2, 3]);
  expect(countFrom(history, "never published")).toBe(1);
});

test("forgetting from an empty history does nothing", () => {
  const history = createHistory();
  forgetOldest(history);
  push(history, "x", LIMITS);
  forgetOldest(history);
  forgetOldest(history);
  expect([kept(history), history.bytes, push(history, "y", LIMITS).sequence]).toEqual([0, 0, 2]);
});
