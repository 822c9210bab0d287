import { expect, test } from "vitest";
import type { SubscriberReport } from "../assignment.ts";
import type { Hello } from "../../servers/contract.ts";
import { nowNs } from "../clock.ts";
import { writeEnvelope } from "../envelope.ts";
import type { TopicPublished } from "../ledger.ts";
import { merge } from "../trial/timeline.ts";
import { createReceiver } from "./receiver.ts";

const USAGE = { elu: 0, loopDelayMs: { p50: 0, p99: 0, max: 0 }, cpuCores: 0, rssBytes: 0 };
// Ahead of the clock, so that only arrivals turn the seconds.
const ZERO_NS = Math.round(nowNs()) + 1e12;
const TIMES = { startNs: ZERO_NS - 1e9, zeroNs: ZERO_NS, endNs: ZERO_NS + 2e9, deadlineNs: ZERO_NS + 10e9 };
const CONNECTION = { close() {} };
const published = (last: number, windowFirst: number): TopicPublished[] =>
  [0, 1].map(() => ({ whole: { first: 1, last }, window: { first: windowFirst, last } }));

/** Two subscribers, the first on topic 0 and the second on topic 1, with a way to hand them messages. */
function setUp(hello: Hello | "none" = { next: 1, missed: 0 }, phaseEndsNs: readonly number[] = []) {
  const reports: SubscriberReport[] = [];
  const receiver = createReceiver([0, 1], { topicOf: (index) => index }, (report) => reports.push(report), phaseEndsNs);
  for (const slot of [0, 1]) receiver.opened(slot, CONNECTION, hello === "none" ? undefined : hello, { tcpMs: 1, upgradeMs: 2 }, 5e6);
  receiver.measure(TIMES);
  /** A message due at `dueNs`, sent `lagNs` and received `latencyNs` after that. */
  function deliver(slot: number, sequence: number, dueNs: number, latencyNs: number, { lagNs = 0, topic = slot } = {}): void {
    const bytes = Buffer.alloc(128);
    writeEnvelope(bytes, 0, 128, topic, sequence, dueNs, dueNs + lagNs);
    receiver.reads.receivedNs = dueNs + latencyNs;
    receiver.reads.traffic.bytesDown += 150;
    receiver.payload(slot, bytes, 0, 128);
  }
  const result = (last: number, windowFirst = 1) => {
    receiver.closeAll();
    return receiver.result(published(last, windowFirst), USAGE);
  };
  return { receiver, deliver, result, reports };
}

test("injected latencies are read back, from the due time and from the sending", () => {
  const { deliver, result } = setUp();
  // 1 ms … 100 ms, each sent 1 ms late.
  for (let i = 1; i <= 100; i++) deliver(0, i, ZERO_NS + i * 1e6, i * 1e6, { lagNs: 1e6 });
  const { histograms } = result(100);
  const delivery = merge([histograms["delivery"]!]);
  const transit = merge([histograms["transit"]!]);
  expect(delivery.count).toBe(100);
  for (const q of [0.5, 0.9, 0.99]) {
    expect(delivery.quantile(q)! / 1e6 / (q * 100)).toBeCloseTo(1, 2);
    expect(transit.quantile(q)! / 1e6).toBeCloseTo(q * 100 - 1, 0);
  }
});

test("the window is by due time: warm-up counts in the whole and not in the window", () => {
  const { deliver, result } = setUp();
  deliver(0, 1, ZERO_NS - 5e8, 1e9);
  deliver(0, 2, ZERO_NS, 1e6);
  deliver(0, 3, TIMES.endNs - 1, 5e9);
  const { window, whole, histograms } = result(3, 2);
  expect(whole).toMatchObject({ expected: 6, delivered: 3 });
  expect(window).toMatchObject({ expected: 4, delivered: 2 });
  expect(merge([histograms["delivery"]!]).count).toBe(2);
});

test("the window has its first moment, and no longer the one in which it closes", () => {
  const { deliver, result } = setUp();
  deliver(0, 1, ZERO_NS - 1, 1e6);
  deliver(0, 2, ZERO_NS, 1e6);
  deliver(0, 3, TIMES.endNs, 1e6);
  const { window, whole, histograms } = result(3);
  expect([whole.delivered, window.delivered]).toEqual([3, 1]);
  expect(merge([histograms["delivery"]!]).count).toBe(1);
});

test("a window that is postponed has what is due in it, and seconds go on as they were counted", () => {
  const { receiver, deliver, result, reports } = setUp();
  deliver(0, 1, ZERO_NS - 1, 1e6);
  receiver.postpone({ ...TIMES, zeroNs: ZERO_NS + 3e9, endNs: ZERO_NS + 5e9, deadlineNs: ZERO_NS + 6e9 });
  deliver(0, 2, ZERO_NS + 1e6, 2e6);
  deliver(0, 3, ZERO_NS + 3e9, 3e6);
  deliver(0, 4, ZERO_NS + 5e9 - 1, 1.5e9);
  const { window, whole, histograms } = result(4);
  expect([whole.delivered, window.delivered, window.late]).toEqual([3, 1, 1]);
  expect(merge([histograms["delivery"]!]).quantile(1)! / 1e6).toBeCloseTo(3, 1);
  expect(reports.flatMap((r) => (r.kind === "second" && r.delivered > 0 ? [r.atSecond] : []))).toEqual([0, 3]);
});

test("a repeat adds no latency, damage and a wrong topic are corrupt", () => {
  const { receiver, deliver, result } = setUp();
  deliver(0, 1, ZERO_NS, 1e6);
  deliver(0, 1, ZERO_NS, 9e6);
  deliver(0, 2, ZERO_NS, 1e6, { topic: 1 });
  receiver.payload(0, Buffer.from("nonsense"), 0, 8);
  const { window, histograms, errors } = result(2);
  expect(window).toMatchObject({ delivered: 1, duplicated: 1, corrupt: 2 });
  expect(errors).toEqual({ wrong_topic: 1 });
  const delivery = merge([histograms["delivery"]!]);
  expect(delivery.count).toBe(1);
  expect(delivery.quantile(1)! / 1e6).toBeCloseTo(1, 2);
});

test("a message from the future is a clock error", () => {
  const { deliver, result } = setUp();
  deliver(0, 1, ZERO_NS + 1e6, -1);
  expect(result(1).histograms["delivery"]).toMatchObject({ clockErrors: 1, pairs: [] });
});

test("bytes and messages are those between the edges of the window", () => {
  const { receiver, deliver, result } = setUp();
  deliver(0, 1, ZERO_NS - 1e6, 1e5);
  receiver.markWindow("start");
  for (let i = 2; i <= 5; i++) deliver(0, i, ZERO_NS + i * 1e6, 1e5);
  receiver.markWindow("end");
  deliver(0, 6, ZERO_NS + 9e6, 1e5);
  expect(result(6).received).toMatchObject({ messages: 4, bytesDown: 600, bytesUp: 0, requests: 0 });
});

test("a message that comes twice counts once, or a server that repeats itself would look cheap", () => {
  const { receiver, deliver, result } = setUp();
  receiver.markWindow("start");
  for (const sequence of [1, 1, 2, 2]) deliver(0, sequence, ZERO_NS, 1e6);
  receiver.markWindow("end");
  expect(result(2).received).toMatchObject({ messages: 2, bytesDown: 600 });
});

test("what arrives after the deadline is late, whenever anybody looks", () => {
  const { deliver, result } = setUp();
  deliver(0, 1, ZERO_NS, 10e9);
  deliver(0, 2, ZERO_NS, 10e9 + 1);
  const { window, histograms } = result(2);
  expect(window).toMatchObject({ delivered: 1, late: 1 });
  expect(merge([histograms["delivery"]!]).count).toBe(1);
});

test("the first message is waited for from the start of publishing", () => {
  const { receiver, deliver, result } = setUp();
  receiver.reads.receivedNs = TIMES.startNs - 5e9;
  receiver.opened(0, CONNECTION, { next: 1, missed: 0 }, { tcpMs: 1, upgradeMs: 2 }, 5e6);
  deliver(0, 1, TIMES.startNs, 3e6);
  expect(merge([result(1).histograms["first_message"]!]).quantile(1)! / 1e6).toBeCloseTo(3, 1);
});

test("every second is reported by time of arrival, empty ones too", () => {
  const { deliver, result, reports } = setUp();
  deliver(0, 1, ZERO_NS - 1e8, 1e6);
  deliver(0, 2, ZERO_NS + 1e8, 1e6);
  deliver(1, 1, ZERO_NS + 2e8, 1e6);
  deliver(0, 3, ZERO_NS + 3e8, 25e8);
  result(3);
  expect(reports.map((r) => r.kind === "second" && [r.atSecond, r.delivered, merge([r.latency]).count])).toEqual([
    [-1, 1, 1],
    [0, 2, 2],
    [1, 0, 0],
    [2, 1, 1],
  ]);
});

test("complete is when both have everything", () => {
  const { receiver, deliver, result } = setUp();
  deliver(0, 1, ZERO_NS, 1);
  expect(receiver.isComplete(published(1, 1))).toBe(false);
  deliver(1, 1, ZERO_NS, 1);
  expect(receiver.isComplete(published(1, 1))).toBe(true);
  result(1);
});

test("opening is recorded by its steps", () => {
  const { deliver, result } = setUp();
  deliver(0, 1, ZERO_NS, 3e6);
  const { histograms } = result(1);
  const ms = (name: string) => merge([histograms[name]!]).quantile(1)! / 1e6;
  expect(ms("connect")).toBeCloseTo(5, 1);
  expect(ms("tcp_connect")).toBeCloseTo(1, 1);
  expect(ms("upgrade")).toBeCloseTo(2, 1);
  expect(merge([histograms["tls_handshake"]!]).count).toBe(0);
});

test("of a server without a hello messages are found in what it sends, and all else it says is ignored", () => {
  const { receiver, result } = setUp("none");
  const text = (sequence: number, dueNs: number): string => {
    const bytes = Buffer.alloc(64);
    writeEnvelope(bytes, 0, 64, 0, sequence, dueNs, dueNs);
    return bytes.toString("latin1");
  };
  const say = (frame: string): void => {
    receiver.reads.receivedNs = ZERO_NS + 1e9;
    receiver.payload(0, Buffer.from(frame), 0, frame.length);
  };
  say('{"type":"hello"}');
  say(`{"replayed":"${text(70, TIMES.startNs - 1)}"}`);
  say(`{"data":"${text(3, ZERO_NS)}"}`);
  say("");
  say(`[${JSON.stringify(text(4, ZERO_NS + 1))},${JSON.stringify(text(6, ZERO_NS + 3))}]`);
  say(`{"data":"${text(7, ZERO_NS + 4).slice(0, 40)}"}`);
  const counted = { expected: 5, delivered: 3, lost: 2, duplicated: 0, reordered: 0, corrupt: 1 };
  // The other subscriber never got anything and was to get all seven.
  expect(result(7).whole).toMatchObject({ ...counted, expected: counted.expected + 7, lost: counted.lost + 7 });
});

test("one that comes back is asked from the server's number of the last message it got, whatever the publisher's is", () => {
  const { receiver, deliver, result, reports } = setUp({ next: 11, missed: 0 });
  expect(receiver.cursorOf(0)).toBe(10);
  // The server lost the publisher's number 12 before it gave it one of its own, and sent the 13th twice.
  for (const sequence of [11, 13, 13]) deliver(0, sequence, ZERO_NS, 1e6);
  expect(receiver.cursorOf(0)).toBe(13);
  receiver.error("closed", 0);
  receiver.reopened(0, CONNECTION, { next: 14, missed: 0 });
  deliver(0, 14, ZERO_NS, 1e6);
  expect(receiver.cursorOf(0)).toBe(14);
  const { whole, held, broken, reconnects, histograms } = result(14);
  expect([held, broken, reconnects]).toEqual([2, 1, 1]);
  expect(reports.flatMap((r) => (r.kind === "second" && r.reconnects > 0 ? [[r.atSecond, r.errors, r.reconnects]] : []))).toEqual([
    [0, 1, 1],
  ]);
  // The other subscriber was to get four and got none.
  expect(whole).toMatchObject({ expected: 8, delivered: 3, lost: 5, duplicated: 1 });
  expect(merge([histograms["connect"]!]).count).toBe(2);
});

test("one that broke and stayed away is not held", () => {
  const { receiver, result } = setUp({ next: 1, missed: 0 });
  expect(result(0).held).toBe(2);
  receiver.error("closed", 1);
  expect(result(0)).toMatchObject({ held: 1, broken: 1, reconnects: 0 });
});

test("a message counts in the phase it was due in, with its latency, and in the backlog of every phase that ended before it came", () => {
  const { receiver, deliver } = setUp({ next: 1, missed: 0 }, [1e9, 1.5e9, 2e9]);
  receiver.markWindow("start");
  deliver(0, 1, ZERO_NS - 1e6, 1e6);
  deliver(0, 2, ZERO_NS, 10e6);
  // Due in the first phase: one comes in the second, one in the third, one once the window is over.
  deliver(0, 3, ZERO_NS + 0.9e9, 200e6);
  receiver.markPhase();
  deliver(0, 5, ZERO_NS + 1e9, 20e6);
  receiver.markPhase();
  deliver(0, 4, ZERO_NS + 0.95e9, 700e6);
  deliver(0, 6, ZERO_NS + 1.9e9, 30e6);
  receiver.markWindow("end");
  deliver(0, 7, ZERO_NS + 0.99e9, 3e9);
  receiver.closeAll();
  const range = (first: number, last: number) => ({ first, last });
  const topic = (phases: readonly ReturnType<typeof range>[]) => ({ whole: range(1, 8), window: range(2, 8), phases });
  const own = [range(2, 4), range(5, 5), range(6, 8)];
  const { phases, window } = receiver.result([topic(own), topic([range(1, 0), range(1, 0), range(1, 0)])], USAGE);
  expect(phases.map(({ expected, delivered, backlog }) => ({ expected, delivered, backlog }))).toEqual([
    { expected: 3, delivered: 4, backlog: 3 },
    { expected: 1, delivered: 1, backlog: 2 },
    { expected: 3, delivered: 1, backlog: 1 },
  ]);
  const largest = phases.map(({ latency }) => Math.round(merge([latency]).quantile(1)! / 1e6));
  expect([largest[1], largest[2]]).toEqual([20, 30]);
  expect(largest[0]! / 3000).toBeCloseTo(1, 2);
  expect(phases.map(({ received }) => received.messages)).toEqual([3, 1, 2]);
  expect(phases.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(window.delivered);
});

test("phases are where the window is, also where that was postponed", () => {
  const { receiver, deliver } = setUp({ next: 1, missed: 0 }, [1e9, 2e9]);
  receiver.postpone({ ...TIMES, zeroNs: ZERO_NS + 3e9, endNs: ZERO_NS + 5e9 });
  deliver(0, 1, ZERO_NS + 2.5e9, 1e6);
  deliver(0, 2, ZERO_NS + 3.5e9, 1e6);
  deliver(0, 3, ZERO_NS + 4e9, 1e6);
  deliver(0, 4, ZERO_NS + 4.5e9, 1e6);
  receiver.closeAll();
  expect(receiver.result([], USAGE).phases.map(({ delivered }) => delivered)).toEqual([1, 2]);
});
