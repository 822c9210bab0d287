import { describe, expect, it } from "vitest";
import { connectionsAProcess, describeHeadroom, headroomOf, rounded } from "./headroom.ts";
import { assumedBytes, MEMORY_SHARE, PROCESS_BYTES } from "./assumed.ts";
import type { Limits } from "./limits.ts";

/** What a connection to Node's own server needs, with its part of the processes that hold its ends. */
function bytesEach(descriptors: number): number {
  const { server, client, kernel } = assumedBytes("node:http", "sse");
  return server + client + kernel + (PROCESS_BYTES.server + PROCESS_BYTES.worker) / connectionsAProcess(descriptors);
}
const memoryFor = (connections: number, descriptors: number): number => Math.ceil((connections * bytesEach(descriptors)) / MEMORY_SHARE);

const ROOMY: Limits = {
  descriptorsSoft: 1024,
  descriptorsHard: 20_100,
  filesMax: 2_000_000,
  filesOpen: 1000,
  portRange: { first: 32_768, last: 60_999, reserved: 0 },
  memoryAvailableBytes: memoryFor(100_000, 20_100),
};

describe("headroom", () => {
  it("counts what each limit allows, both ends being here", () => {
    expect(headroomOf({ ...ROOMY, conntrack: { max: 262_144, count: 144 } }).ceilings).toEqual({
      descriptors: 20_000,
      files: 999_500,
      ports: 28_232,
      conntrack: 262_000,
      memory: 100_000,
    });
  });

  it.each<[what: string, over: Limits, limit: string, connections: number]>([
    ["descriptors", {}, "descriptors", 20_000],
    ["ports", { descriptorsHard: 1_000_000 }, "ports", 28_232],
    ["reserved ports", { descriptorsHard: 1_000_000, portRange: { first: 32_768, last: 60_999, reserved: 28_000 } }, "ports", 232],
    ["memory", { memoryAvailableBytes: memoryFor(800, 20_100) }, "memory", 800],
    ["open files of the machine", { filesMax: 11_000 }, "files", 5000],
    ["connection tracking", { conntrack: { max: 4096, count: 96 } }, "conntrack", 4000],
    ["descriptors, where nothing stands in the table of connections", { conntrack: { max: 10, count: 0 } }, "descriptors", 20_000],
    ["a table that is full", { conntrack: { max: 10, count: 12 } }, "conntrack", 0],
  ])("says that %s come first for one server process", (_, over, limit, connections) => {
    expect(headroomOf({ ...ROOMY, ...over }).oneProcess).toEqual({ limit, connections });
  });

  it("leaves out what cannot be read, and takes the soft limit where the hard one has no number", () => {
    expect(headroomOf({})).toEqual({ ceilings: {} });
    expect(headroomOf({ descriptorsSoft: 1124 })).toEqual({
      ceilings: { descriptors: 1024 },
      oneProcess: { limit: "descriptors", connections: 1024 },
    });
  });

  it.each<[Limits, string]>([
    [
      ROOMY,
      "One server process can hold about 20,000 connections; the first limit is descriptors a process. " +
        "With 6 of them about 100,000, or about 130,000 on uWebSockets.js, which needs less memory; then it is memory.",
    ],
    [
      { ...ROOMY, descriptorsHard: 1_000_000, memoryAvailableBytes: memoryFor(100_000, 1_000_000), filesMax: 201_000 },
      "One server process can hold about 28,000 connections; the first limit is ports of one client address. " +
        "With 1 of them about 100,000; then it is memory.",
    ],
    [
      { ...ROOMY, memoryAvailableBytes: memoryFor(800, 20_100) },
      "One server process can hold about 800 connections; the first limit is memory.",
    ],
    [{}, "How many connections this machine can hold cannot be told: none of its limits could be read."],
  ])("follows in a sentence or two", (limits, sentence) => {
    expect(describeHeadroom(headroomOf(limits))).toBe(sentence);
  });

  it.each([
    [0, "0"],
    [7, "7"],
    [99, "99"],
    [19_900, "19,000"],
    [1_232_532, "1,200,000"],
  ])("promises no more than two digits of %d", (count, text) => {
    expect(rounded(count)).toBe(text);
  });
});
