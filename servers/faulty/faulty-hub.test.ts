import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createHub } from "../hub.ts";
import { readFaults, type Fault, type Miscount } from "../fault.ts";
import { createFaultyHub, type FaultyHub } from "./faulty-hub.ts";

const stopping: FaultyHub[] = [];
afterEach(() => {
  for (const hub of stopping.splice(0)) hub.stop();
});

/** A hub with that fault, one subscriber, and what it got. */
function lying(...faults: Fault[]): { hub: FaultyHub; got: string[] } {
  const hub = createFaultyHub(createHub({ historyMessages: 100, backpressureBytes: 1e6 }), faults);
  stopping.push(hub);
  const got: string[] = [];
  hub.subscribe("t", undefined, { unsentBytes: () => 0, write: ({ payload }) => got.push(payload), drop: () => {} }).start();
  return { hub, got };
}

function publishAll({ hub }: { hub: FaultyHub }, count: number): void {
  for (let n = 1; n <= count; n++) hub.publish("t", `message-${n}`);
}

test.each<[Miscount, readonly string[]]>([
  ["lose", ["message-1", "message-2", "message-4", "message-5"]],
  ["duplicate", ["message-1", "message-2", "message-3", "message-3", "message-4", "message-5", "message-6", "message-6"]],
  ["corrupt", ["message-1", "message-2", "messxge-3", "message-4", "message-5", "messxge-6"]],
])("%s every third hits just those, and counts them", (kind, expected) => {
  const server = lying({ kind, at: 3, every: 3 });
  publishAll(server, 6);
  expect(server.got).toEqual(expected);
  expect(server.hub.injected).toMatchObject({ messages: 6, miscounted: { [kind]: 2 } });
});

test("swap sends every third after the one that follows it, and the last one all the same", async () => {
  const server = lying({ kind: "swap", at: 3, every: 3 });
  publishAll(server, 6);
  expect(server.got).toEqual(["message-1", "message-2", "message-4", "message-3", "message-5"]);
  await vi.waitFor(() => expect(server.got.at(-1)).toBe("message-6"));
  expect(server.hub.injected).toMatchObject({ messages: 6, miscounted: { swap: 2 } });
});

test("several faults hit each what it was told to", () => {
  const at = (kind: Miscount, number: number): Fault => ({ kind, at: number, every: 10 });
  const server = lying(at("lose", 2), at("duplicate", 4), at("corrupt", 6), at("swap", 8));
  publishAll(server, 10);
  expect(server.got.map((text) => text.replace("message-", ""))).toEqual(["1", "3", "4", "4", "5", "messxge-6", "7", "9", "8", "10"]);
  expect(server.hub.injected.miscounted).toEqual({ lose: 1, duplicate: 1, swap: 1, corrupt: 1 });
});

test("emit sends the time at which it is sent, also of what could not be sent in time", async () => {
  const hub = createHub({ historyMessages: 100, backpressureBytes: 1e6 });
  const faulty = createFaultyHub(hub, [
    { kind: "stall", ms: 50, everyMs: 20 },
    { kind: "emit", topic: "own", everyMs: 5 },
  ]);
  stopping.push(faulty);
  await vi.waitFor(() => expect(faulty.injected.stallsNs.length).toBeGreaterThan(0));
  await vi.waitFor(() => expect(hub.poll("own", 0).messages.length).toBeGreaterThan(12));
  const [beginNs, endNs] = faulty.injected.stallsNs[0]!;
  expect(hub.poll("own", 0).messages.filter((text) => Number(text) > beginNs && Number(text) < endNs)).toEqual([]);
});

test("delay holds each message as long as it says, in order, and notes how long it was", async () => {
  const server = lying({ kind: "delay", ms: [0, 30, 5] });
  const began = performance.now();
  publishAll(server, 4);
  const apartMs = performance.now() - began;
  await vi.waitFor(() => expect(server.got).toHaveLength(4));
  expect(performance.now() - began).toBeGreaterThanOrEqual(30);
  expect(server.got).toEqual(["message-1", "message-2", "message-3", "message-4"]);
  const ms = server.hub.injected.delaysNs.map(([cameNs, handedOnNs]) => (handedOnNs - cameNs) / 1e6);
  expect(ms[0]).toBeLessThan(ms[1]!);
  // The two behind the second one wait for it, and came after it.
  for (const late of ms.slice(1)) expect(late).toBeGreaterThanOrEqual(29.9 - apartMs);
});

test("crowd holds back only what is for more than it says, and the more the longer", async () => {
  const server = lying({ kind: "crowd", above: 2, ms: 20 });
  const more = (): void => server.hub.subscribe("t", undefined, { unsentBytes: () => 0, write: () => {}, drop: () => {} }).start();
  more();
  publishAll(server, 1);
  expect(server.got).toEqual(["message-1"]);
  more();
  more();
  publishAll(server, 1);
  expect(server.got).toHaveLength(1);
  await vi.waitFor(() => expect(server.got).toHaveLength(2));
  const [[firstNs], [lateNs, handedOnNs]] = server.hub.injected.delaysNs as [[number, number], [number, number]];
  expect(firstNs).toBeLessThan(lateNs);
  // Two more than its two: 20 ms and 20 ms again.
  expect((handedOnNs - lateNs) / 1e6).toBeGreaterThanOrEqual(39.9);
});

test("throttle hands on so many deliveries a second, and what comes faster waits ever longer", async () => {
  const server = lying({ kind: "throttle", perSecond: 50 });
  const began = performance.now();
  publishAll(server, 4);
  expect(server.got).toEqual(["message-1"]);
  await vi.waitFor(() => expect(server.got).toHaveLength(4));
  // One subscriber: 20 ms a message, and three that waited.
  expect(performance.now() - began).toBeGreaterThanOrEqual(59.9);
  const waits = server.hub.injected.delaysNs.map(([cameNs, handedOnNs]) => (handedOnNs - cameNs) / 1e6);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
});

test("what is held back is handed on at the end", () => {
  const server = lying({ kind: "delay", ms: [60_000] });
  publishAll(server, 2);
  expect(server.got).toEqual([]);
  server.hub.stop();
  expect(server.got).toHaveLength(2);
});

test("stall stands still for so long, and notes when", async () => {
  const { hub } = lying({ kind: "stall", ms: 40, everyMs: 20 });
  await vi.waitFor(() => expect(hub.injected.stallsNs.length).toBeGreaterThan(1));
  for (const [beginNs, endNs] of hub.injected.stallsNs) expect((endNs - beginNs) / 1e6).toBeGreaterThanOrEqual(39.9);
});

test("burn uses so much CPU time, and says how much", () => {
  const server = lying({ kind: "burn", ms: 10 });
  const before = process.cpuUsage();
  publishAll(server, 3);
  const { user, system } = process.cpuUsage(before);
  expect(server.hub.injected.burntNs / 1e6).toBeGreaterThanOrEqual(30);
  expect((user + system) / 1e3).toBeGreaterThanOrEqual(server.hub.injected.burntNs / 1e6);
});

test("drift uses more CPU time from message to message, then as much as it came to, and says how much each took", async () => {
  const server = lying({ kind: "drift", fromMs: 2, toMs: 10, overMs: 60 });
  const began = performance.now();
  while (performance.now() - began < 120) {
    publishAll(server, 1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { burnsNs, burntNs } = server.hub.injected;
  const [firstNs] = burnsNs[0]!;
  const moreMs = burnsNs.map(([cameNs, ns]) => ns / 1e6 - (2 + 8 * Math.min(1, (cameNs - firstNs) / 60e6))).sort((x, y) => x - y);
  expect(moreMs[0]).toBeGreaterThanOrEqual(-0.001);
  // Whatever else the process does meanwhile is of its CPU time too.
  expect(moreMs[moreMs.length >> 1]).toBeLessThan(2);
  expect(burnsNs.at(-1)![1] / 1e6).toBeGreaterThanOrEqual(10);
  expect(burntNs).toBe(burnsNs.reduce((sum, [, ns]) => sum + ns, 0));
});

test("leak opens so many descriptors a subscriber", () => {
  const open = (): number => readdirSync("/proc/self/fd").length;
  const before = open();
  const { hub } = lying({ kind: "leak", descriptors: 3 });
  expect(open() - before).toBe(3);
  expect(hub.injected.descriptors).toBe(3);
});

test("cut ends whoever follows, and counts what they miss until they are back, or for good", async () => {
  const server = lying({ kind: "cut", at: 3, every: 4 });
  const dropped: string[] = [];
  const follow = (name: string, after?: number): void =>
    server.hub.subscribe("t", after, { unsentBytes: () => 0, write: () => {}, drop: () => dropped.push(name) }).start();
  follow("second");
  publishAll(server, 4);
  // Not before what was sent has left.
  expect(server.got).toEqual(["message-1", "message-2"]);
  expect(dropped).toEqual([]);
  await vi.waitFor(() => expect(dropped).toEqual(["second"]));
  expect(server.got).toEqual(["message-1", "message-2"]);
  expect(server.hub.injected).toMatchObject({ cut: 2, missed: 0 });
  follow("second");
  expect(server.hub.injected.missed).toBe(2);
  server.hub.publish("t", "message-5");
  server.hub.stop();
  // The first one never came back.
  expect(server.hub.injected).toMatchObject({ cut: 2, missed: 2 + 3 });
});

test("cut counts nothing for one that comes back and asks for what it missed", async () => {
  const server = lying({ kind: "cut", at: 2, every: 100 });
  publishAll(server, 4);
  await vi.waitFor(() => expect(server.hub.injected.cut).toBe(1));
  const got: string[] = [];
  server.hub.subscribe("t", 1, { unsentBytes: () => 0, write: ({ payload }) => got.push(payload), drop: () => {} }).start();
  expect(got).toEqual(["message-2", "message-3", "message-4"]);
  expect(server.hub.injected.missed).toBe(0);
});

test("weigh hangs so much memory on each connection that is accepted, until it is gone", async () => {
  const { hub } = lying({ kind: "weigh", bytes: 2_000_000 });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const sockets = [1, 2].map(() => connect((server.address() as AddressInfo).port, "127.0.0.1"));
  await vi.waitFor(() => expect(hub.injected.grownBytes).toBe(4_000_000));
  hub.stop();
  for (const socket of sockets) socket.destroy();
  const late = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(server, "connection");
  expect(hub.injected.grownBytes).toBe(4_000_000);
  late.destroy();
  server.close();
});

test("grow takes so much memory a subscriber, and holds on to it", () => {
  const before = process.memoryUsage().arrayBuffers;
  const { hub } = lying({ kind: "grow", bytes: 3_000_000 });
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(3_000_000);
  expect(hub.injected.grownBytes).toBe(3_000_000);
});

test.each([
  ["{}", "faults: expected a list"],
  [
    '[{"kind":"lie"}]',
    'unknown fault "lie": expected one of delay, crowd, throttle, stall, lose, duplicate, swap, corrupt, cut, burn, drift, grow, weigh, leak, emit',
  ],
  ['[{"kind":"delay","ms":5}]', 'fault "delay": expected a list of numbers as ms'],
  ['[{"kind":"delay","ms":[]}]', 'fault "delay": expected a list of numbers as ms'],
  ['[{"kind":"crowd","above":5}]', 'fault "crowd": expected a number as ms'],
  ['[{"kind":"stall","ms":5}]', 'fault "stall": expected a number as everyMs'],
  ['[{"kind":"drift","fromMs":5,"toMs":6}]', 'fault "drift": expected a number as overMs'],
  ['[{"kind":"emit","everyMs":5}]', 'fault "emit": expected a name as topic'],
])("%s is refused", (text, message) => {
  expect(() => readFaults(text)).toThrow(message);
});
