import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Message } from "./history.ts";
import { createHub, encodeOnce, type Subscriber } from "./hub.ts";

const OPTIONS = { historyMessages: 8, backpressureBytes: 1000 };

/** A connection whose unsent bytes the test sets, and whose writes leave when the test says so. */
function recorder() {
  const got: string[] = [];
  const flushes: (() => void)[] = [];
  const state = { unsent: 0, dropped: false };
  const subscriber: Subscriber = {
    unsentBytes: () => state.unsent,
    write(message, flushed) {
      got.push(message.payload);
      if (flushed !== undefined) flushes.push(flushed);
    },
    drop: () => (state.dropped = true),
  };
  return { got, flushes, state, subscriber };
}

describe("a poll", () => {
  test("of a topic that nobody ever published to tells that its first message will be 1, and leaves nothing behind", () => {
    const hub = createHub(OPTIONS);
    expect(hub.poll("t", undefined)).toEqual({ next: 1, missed: 0, messages: [] });
    expect(hub.poll("t", 0)).toEqual({ next: 1, missed: 0, messages: [] });
    expect(hub.poll("t", 4)).toEqual({ next: 1, missed: null, messages: [] });
    expect(hub.knows("t")).toBe(false);
  });

  test("goes on after its cursor, to the end, and says what is missing", () => {
    const hub = createHub(OPTIONS);
    for (let n = 1; n <= 12; n++) hub.publish("t", String(n));
    expect(hub.poll("t", undefined)).toEqual({ next: 13, missed: 0, messages: [] });
    expect(hub.poll("t", 10)).toEqual({ next: 13, missed: 0, messages: ["11", "12"] });
    expect(hub.poll("t", 12)).toEqual({ next: 13, missed: 0, messages: [] });
    expect(hub.poll("t", 2)).toEqual({ next: 13, missed: 2, messages: ["5", "6", "7", "8", "9", "10", "11", "12"] });
    expect(hub.poll("t", 13)).toEqual({ next: 13, missed: null, messages: [] });
  });

  test("gets about the backpressure bound at once, and the rest the next time", () => {
    const hub = createHub(OPTIONS);
    const payloads = ["a", "b", "c", "d"].map((letter) => letter.repeat(500));
    for (const payload of payloads) hub.publish("t", payload);
    const first = hub.poll("t", 0);
    expect(first).toEqual({ next: 3, missed: 0, messages: payloads.slice(0, 2) });
    expect(hub.poll("t", first.next - 1)).toEqual({ next: 5, missed: 0, messages: payloads.slice(2) });
    expect(hub.counts().delivered).toBe(4);
  });
});

describe("a wait", () => {
  test("ends with the topic's next message, once, and is a subscription until then", () => {
    const hub = createHub(OPTIONS);
    const woken: string[] = [];
    hub.wait("t", () => woken.push("left"));
    hub.wait("t", () => woken.push("right"));
    hub.wait("other", () => woken.push("other"));
    expect(hub.counts().subscriptions).toBe(3);
    hub.publish("t", "a");
    hub.publish("t", "b");
    expect(woken).toEqual(["left", "right"]);
    expect(hub.counts()).toMatchObject({ subscriptions: 1, delivered: 0 });
  });

  test("may begin again where it ended", () => {
    const hub = createHub(OPTIONS);
    let woken = 0;
    const again = (): void => {
      woken++;
      hub.wait("t", again);
    };
    hub.wait("t", again);
    hub.publish("t", "a");
    hub.publish("t", "b");
    expect(woken).toBe(2);
    expect(hub.counts().subscriptions).toBe(1);
  });

  test("that is given up is not woken, and leaves nothing behind", () => {
    const hub = createHub(OPTIONS);
    const giveUp = hub.wait("t", () => expect.unreachable());
    giveUp();
    giveUp();
    expect(hub.counts().subscriptions).toBe(0);
    expect(hub.knows("t")).toBe(false);
    hub.publish("t", "a");
  });

  test("that another's waking gives up is not woken any more", () => {
    const hub = createHub(OPTIONS);
    const waits: (() => void)[] = [];
    let woken = 0;
    const both = (): void => {
      woken++;
      for (const giveUp of waits) giveUp();
    };
    waits.push(hub.wait("t", both), hub.wait("t", both));
    hub.publish("t", "a");
    expect(woken).toBe(1);
    expect(hub.counts().subscriptions).toBe(0);
  });
});

describe("a subscription", () => {
  test("takes what is published from its start to its end, in order", () => {
    const hub = createHub(OPTIONS);
    const { got, subscriber } = recorder();
    hub.publish("t", "before");
    const subscription = hub.subscribe("t", undefined, subscriber);
    expect(subscription.hello).toEqual({ next: 2, missed: 0 });
    subscription.start();
    hub.publish("t", "a");
    hub.publish("other", "x");
    hub.publish("t", "b");
    subscription.end();
    subscription.end();
    hub.publish("t", "after");
    expect(got).toEqual(["a", "b"]);
    expect(hub.counts()).toEqual({ subscriptions: 0, published: 5, delivered: 2, droppedForBackpressure: 0 });
  });

  test("to a topic without messages leaves nothing behind when it ends", () => {
    const hub = createHub(OPTIONS);
    const [first, second] = [hub.subscribe("t", undefined, recorder().subscriber), hub.subscribe("t", 5, recorder().subscriber)];
    expect(second.hello).toEqual({ next: 1, missed: null });
    expect(hub.counts().subscriptions).toBe(2);
    first.end();
    expect(hub.knows("t")).toBe(true);
    second.end();
    expect(hub.knows("t")).toBe(false);
  });

  test("without any history is told honestly what it missed", () => {
    const hub = createHub({ ...OPTIONS, historyMessages: 0 });
    for (let n = 1; n <= 3; n++) hub.publish("t", String(n));
    const { got, subscriber } = recorder();
    const subscription = hub.subscribe("t", 1, subscriber);
    expect(subscription.hello).toEqual({ next: 4, missed: 2 });
    subscription.start();
    hub.publish("t", "4");
    expect(got).toEqual(["4"]);
  });

  test("catches up in batches that wait for one another, and goes live without a hole", () => {
    const hub = createHub({ historyMessages: 100, backpressureBytes: 10 });
    const batch = 64 * 1024;
    for (let n = 1; n <= 3; n++) hub.publish("t", `${n}`.padEnd(batch, "."));
    const { got, flushes, subscriber } = recorder();
    hub.subscribe("t", 0, subscriber).start();
    expect(got).toHaveLength(1);
    hub.publish("t", "4");
    expect(got).toHaveLength(1);
    flushes.shift()!();
    flushes.shift()!();
    flushes.shift()!();
    hub.publish("t", "5");
    expect(got.map((payload) => payload[0])).toEqual(["1", "2", "3", "4", "5"]);
    expect(flushes).toEqual([]);
  });

  test("that catches up slower than history is forgotten is dropped and counted", () => {
    const hub = createHub({ historyMessages: 2, backpressureBytes: 10 });
    for (let n = 1; n <= 2; n++) hub.publish("t", "x".repeat(64 * 1024));
    const { got, flushes, state, subscriber } = recorder();
    hub.subscribe("t", 0, subscriber).start();
    for (let n = 3; n <= 5; n++) hub.publish("t", "y");
    flushes.shift()!();
    expect(got).toHaveLength(1);
    expect(state.dropped).toBe(true);
    expect(hub.counts()).toMatchObject({ subscriptions: 0, droppedForBackpressure: 1 });
  });

  test("that ends while it catches up is not written to any more", () => {
    const hub = createHub(OPTIONS);
    for (let n = 1; n <= 3; n++) hub.publish("t", "x".repeat(64 * 1024));
    const { got, flushes, subscriber } = recorder();
    const subscription = hub.subscribe("t", 0, subscriber);
    subscription.start();
    subscription.end();
    flushes.shift()!();
    hub.publish("t", "late");
    expect(got).toHaveLength(1);
  });
});

describe("backpressure", () => {
  test("a reader at the bound is dropped before the next message; one below it is not", () => {
    const hub = createHub(OPTIONS);
    const [slow, quick] = [recorder(), recorder()];
    hub.subscribe("t", undefined, slow.subscriber).start();
    hub.subscribe("t", undefined, quick.subscriber).start();
    slow.state.unsent = 1000;
    quick.state.unsent = 999;
    hub.publish("t", "m");
    hub.publish("t", "n");
    expect([slow.got, slow.state.dropped]).toEqual([[], true]);
    expect([quick.got, quick.state.dropped]).toEqual([["m", "n"], false]);
    expect(hub.counts()).toEqual({ subscriptions: 1, published: 2, delivered: 2, droppedForBackpressure: 1 });
  });

  test("a message as large as the bound does not drop a reader that keeps up", () => {
    const hub = createHub(OPTIONS);
    const { got, state, subscriber } = recorder();
    hub.subscribe("t", undefined, subscriber).start();
    hub.publish("t", "x".repeat(5000));
    expect([got.length, state.dropped]).toEqual([1, false]);
  });
});

describe("a library that fans out", () => {
  /** A library's fan-out, which takes what it is handed for all who have joined. */
  function joiner(hub: ReturnType<typeof createHub>) {
    const { got, flushes, state, subscriber } = recorder();
    const joined: string[] = [];
    hub.fanOutBy((topic, { payload }) => joined.push(`${topic} ${payload}`));
    const join = (): void => void joined.push("joined");
    return { got, flushes, state, joined, subscriber: { ...subscriber, join } };
  }

  test("is handed each message once, from where its subscriber has caught up, without a hole or a double", () => {
    const hub = createHub({ historyMessages: 100, backpressureBytes: 100_000 });
    const batch = "x".repeat(64 * 1024);
    hub.publish("t", batch);
    hub.publish("t", "2");
    const { got, flushes, joined, subscriber } = joiner(hub);
    hub.subscribe("t", 0, subscriber).start();
    hub.publish("t", "3");
    expect([got, joined]).toEqual([[batch], []]);
    flushes.shift()!();
    hub.subscribe("t", undefined, subscriber).start();
    hub.publish("t", "4");
    hub.publish("other", "x");
    expect(got).toEqual([batch, "2", "3"]);
    expect(joined).toEqual(["joined", "joined", "t 4"]);
    expect(hub.counts()).toMatchObject({ subscriptions: 2, delivered: 5 });
  });

  test("that refuses a message has it taken from the deliveries, and its subscriber ended and counted once", () => {
    const hub = createHub(OPTIONS);
    const { joined, subscriber } = joiner(hub);
    const subscription = hub.subscribe("t", undefined, subscriber);
    subscription.start();
    hub.publish("t", "taken");
    hub.publish("t", "refused");
    subscription.refused("refused");
    subscription.refused("refused");
    hub.publish("t", "to nobody");
    expect(joined).toEqual(["joined", "t taken", "t refused"]);
    expect(hub.counts()).toEqual({ subscriptions: 0, published: 3, delivered: 1, droppedForBackpressure: 1 });
  });

  test("that refuses the first of several has all of them taken from the deliveries, for none behind it is sent", () => {
    const hub = createHub(OPTIONS);
    const { subscriber } = joiner(hub);
    const subscription = hub.subscribe("t", undefined, subscriber);
    subscription.start();
    for (const payload of ["taken", "refused", "behind it", "last"]) hub.publish("t", payload);
    subscription.refused("refused");
    expect(hub.counts()).toMatchObject({ subscriptions: 0, delivered: 1, droppedForBackpressure: 1 });
  });

  test("whose bound is less than a batch is caught up in batches of that bound", () => {
    const hub = createHub({ historyMessages: 100, backpressureBytes: 500 });
    for (const text of ["a", "b"]) hub.publish("t", text.repeat(600));
    const { got, flushes, subscriber } = joiner(hub);
    hub.subscribe("t", 0, subscriber).start();
    expect([got.length, flushes.length]).toEqual([1, 1]);
  });
});

describe("batches", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const BATCHED = { ...OPTIONS, batchMs: 100 };

  /** A connection that notes what comes in one write. */
  function batchRecorder() {
    const { got, state, subscriber } = recorder();
    const writes: string[] = [];
    const writeTogether: Subscriber["writeTogether"] = (messages) => writes.push(messages.map(({ payload }) => payload).join(","));
    return { got, writes, state, subscriber: { ...subscriber, writeTogether } };
  }

  test("reach a subscriber in one write once their window has passed, and count as published and delivered from then on", () => {
    const hub = createHub(BATCHED);
    const { got, writes, subscriber } = batchRecorder();
    hub.subscribe("t", undefined, subscriber).start();
    hub.publish("t", "a");
    hub.publish("t", "b");
    vi.advanceTimersByTime(99);
    expect([writes, hub.counts()]).toEqual([[], { subscriptions: 1, published: 0, delivered: 0, droppedForBackpressure: 0 }]);
    vi.advanceTimersByTime(1);
    expect([writes, got]).toEqual([["a,b"], []]);
    expect(hub.counts()).toMatchObject({ published: 2, delivered: 2 });
  });

  test("are written message by message where a subscriber knows no other way", () => {
    const hub = createHub(BATCHED);
    const { got, subscriber } = recorder();
    hub.subscribe("t", undefined, subscriber).start();
    hub.publish("t", "a");
    hub.publish("t", "b");
    vi.advanceTimersByTime(100);
    expect(got).toEqual(["a", "b"]);
    expect(hub.counts().delivered).toBe(2);
  });

  test("are handed message by message to a library that fans out", () => {
    const hub = createHub(BATCHED);
    const { subscriber } = recorder();
    const handed: string[] = [];
    hub.fanOutBy((topic, { payload }) => handed.push(`${topic} ${payload}`));
    hub.subscribe("t", undefined, { ...subscriber, join() {} }).start();
    hub.publish("t", "a");
    hub.publish("t", "b");
    vi.advanceTimersByTime(100);
    expect([handed, hub.counts().delivered]).toEqual([["t a", "t b"], 2]);
  });

  test("stand in what a poll is answered with only when they are published, and wake who waits once, when all are in", () => {
    const hub = createHub(BATCHED);
    const woken: unknown[] = [];
    hub.wait("t", () => woken.push(hub.poll("t", 0)));
    hub.publish("t", "a");
    hub.publish("t", "b");
    expect(hub.poll("t", 0)).toEqual({ next: 1, missed: 0, messages: [] });
    vi.advanceTimersByTime(100);
    expect(woken).toEqual([{ next: 3, missed: 0, messages: ["a", "b"] }]);
  });

  test("reach who comes in the middle of their window whole: with a cursor, and without", () => {
    const hub = createHub(BATCHED);
    hub.publish("t", "1");
    vi.advanceTimersByTime(100);
    hub.publish("t", "2");
    const [resumed, fresh] = [batchRecorder(), batchRecorder()];
    const [back, late] = [hub.subscribe("t", 0, resumed.subscriber), hub.subscribe("t", undefined, fresh.subscriber)];
    expect([back.hello, late.hello]).toEqual([
      { next: 1, missed: 0 },
      { next: 2, missed: 0 },
    ]);
    back.start();
    late.start();
    hub.publish("t", "3");
    vi.advanceTimersByTime(100);
    expect([resumed.got, resumed.writes]).toEqual([["1"], ["2,3"]]);
    expect([fresh.got, fresh.writes]).toEqual([[], ["2,3"]]);
  });

  test("that are longer than history reach who listens whole", () => {
    const hub = createHub({ ...BATCHED, historyMessages: 2 });
    const { writes, subscriber } = batchRecorder();
    hub.subscribe("t", undefined, subscriber).start();
    for (const payload of ["a", "b", "c"]) hub.publish("t", payload);
    vi.advanceTimersByTime(100);
    expect(writes).toEqual(["a,b,c"]);
  });

  test("hold a reader against the bound once, for what waited before them; one at the bound is dropped with none of them delivered", () => {
    const hub = createHub(BATCHED);
    const [slow, quick] = [batchRecorder(), batchRecorder()];
    hub.subscribe("t", undefined, slow.subscriber).start();
    hub.subscribe("t", undefined, quick.subscriber).start();
    slow.state.unsent = 1000;
    quick.state.unsent = 999;
    for (const payload of ["a", "b"]) hub.publish("t", payload);
    vi.advanceTimersByTime(100);
    expect([slow.writes, slow.state.dropped]).toEqual([[], true]);
    expect([quick.writes, quick.state.dropped]).toEqual([["a,b"], false]);
    expect(hub.counts()).toEqual({ subscriptions: 1, published: 2, delivered: 2, droppedForBackpressure: 1 });
  });

  test("go out before their window has passed where they hold as much as the bound, or where the hub is told so", () => {
    const hub = createHub(BATCHED);
    const { writes, subscriber } = batchRecorder();
    hub.subscribe("t", undefined, subscriber).start();
    const half = "x".repeat(500);
    hub.publish("t", half);
    hub.publish("t", half);
    expect(writes).toEqual([`${half},${half}`]);
    hub.publish("t", "rest");
    hub.flush();
    expect(writes.at(-1)).toBe("rest");
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("all histories together stay within their bytes, oldest topics first, and sequences go on", () => {
  const hub = createHub({ historyMessages: 1000, backpressureBytes: 1e9, historyBytes: 100_000 });
  for (let n = 1; n <= 500; n++) hub.publish(`topic-${n % 50}`, "x".repeat(1000));
  const polled = Array.from({ length: 50 }, (_, index) => hub.poll(`topic-${index}`, 0));
  expect(polled.reduce((sum, { messages }) => sum + messages.join("").length, 0)).toBeLessThanOrEqual(100_000);
  expect(polled.every(({ next, missed, messages }) => next === 11 && missed === 10 - messages.length)).toBe(true);
  expect(polled.some(({ messages }) => messages.length > 0)).toBe(true);
});

test("a message is encoded once for a whole fan-out, and the next one anew", () => {
  let encodings = 0;
  const encode = encodeOnce(({ payload }: Message) => `${payload} ${++encodings}`);
  const [first, second] = [
    { sequence: 1, payload: "a" },
    { sequence: 2, payload: "a" },
  ];
  expect([encode(first), encode(first), encode(second), encode(second)]).toEqual(["a 1", "a 1", "a 2", "a 2"]);
});
