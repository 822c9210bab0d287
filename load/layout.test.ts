import { describe, expect, it, test } from "vitest";
import { describeLayout, instancesFor, layOut, refusalOf, workersFor } from "./layout.ts";
import type { Limits } from "./machine/limits.ts";

const scenario = { subscribers: 1_000_000, pattern: "topics", instances: 56, streams: 100 } as const;
const websocket = { scenario, transport: "websocket", library: "uWebSockets.js" };
const LIMITS: Limits = { descriptorsSoft: 1024, descriptorsHard: 20_000, filesMax: 3_000_000, filesOpen: 1000, memoryAvailableBytes: 25e9 };

test("a million connections are laid out over as few processes as have the descriptors, with a tenth of these to spare", () => {
  expect(instancesFor(1_000_000, "broadcast", 20_000)).toBe(56);
  expect(workersFor(1_000_000, 2, 20_000)).toBe(56);
  expect(1_000_000 / 56 + 100).toBeLessThan(0.9 * 20_000);
  expect(1_000_000 / 55 + 100).toBeGreaterThan(0.9 * 20_000);
});

test("few connections have one server, and a worker for each 2,000 of them while there are cores", () => {
  expect(instancesFor(100, "broadcast", 1024)).toBe(1);
  expect([1, 2000, 2001, 50_000].map((subscribers) => workersFor(subscribers, 4, 1_000_000))).toEqual([1, 1, 2, 3]);
});

test("a subscriber that sends may have a second connection", () => {
  expect(instancesFor(17_000, "broadcast", 20_000)).toBe(1);
  expect(instancesFor(17_000, "echo", 20_000)).toBe(2);
});

describe("what a trial needs", () => {
  it("is what its parts add up to", () => {
    const { needs } = layOut(websocket, LIMITS, 2);
    expect(needs.map(({ what, needed }) => [what, needed])).toEqual([
      ["descriptors a process", 17_858 + 100],
      ["open files", 2_000_000 + 112 * 100],
      ["bytes of memory", 1_000_000 * (3700 + 3800 + 10_300) + 56 * 21e6 + 56 * 27e6],
    ]);
    expect(refusalOf(layOut(websocket, LIMITS, 2))).toBeUndefined();
  });

  it("counts shared connections once", () => {
    const { connections } = layOut({ ...websocket, transport: "sse-http2", library: "node:http2" }, LIMITS, 2);
    expect(connections).toBe(10_000);
  });

  it("is described in a line", () => {
    expect(describeLayout(layOut(websocket, LIMITS, 2))).toBe(
      "56 server processes and 56 workers for 1,000,000 connections, about 20.5 GB of the 22.5 GB of memory",
    );
    const one = { ...scenario, subscribers: 1, instances: 1 };
    expect(describeLayout(layOut({ ...websocket, scenario: one }, {}, 2))).toBe(
      "1 server process and 1 worker for 1 connection, about 48 MB of memory",
    );
  });
});

describe("what does not fit is refused with the arithmetic", () => {
  it.each<[what: string, limits: Limits, text: string]>([
    [
      "memory",
      { memoryAvailableBytes: 10e9 },
      "needs 20.5 GB of memory (1,000,000 subscribers of 3.7 kB in the server and 3.8 kB in the generator",
    ],
    [
      "descriptors",
      { descriptorsHard: 10_000 },
      "needs 17,958 descriptors a process (1,000,000 connections over 56 server processes, and 100 of its own) where there are 10,000",
    ],
    [
      "open files",
      { filesMax: 1_000_000, filesOpen: 0 },
      "needs 2,011,200 open files (both ends of 1,000,000 connections, and 100 of each of 112 processes) where there are 1,000,000",
    ],
    [
      "the table of connections",
      { conntrack: { max: 262_144, count: 144 } },
      "needs 1,000,000 tracked connections (1,000,000 connections) where there are 262,000",
    ],
  ])("%s", (_, limits, text) => {
    expect(refusalOf(layOut(websocket, { descriptorsHard: 20_000, ...limits }, 2))).toContain(text);
  });

  it("names all that is short, and nothing that cannot be read", () => {
    const refusal = refusalOf(layOut(websocket, { descriptorsHard: 1000, memoryAvailableBytes: 1e9 }, 2));
    expect(refusal).toMatch(/descriptors a process.*; needs .*GB of memory/);
    expect(refusalOf(layOut(websocket, {}, 2))).toBeUndefined();
  });

  it("a table of connections in which nothing stands limits nothing", () => {
    expect(refusalOf(layOut(websocket, { conntrack: { max: 1000, count: 0 } }, 2))).toBeUndefined();
  });
});
