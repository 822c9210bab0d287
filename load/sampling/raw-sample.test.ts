import { expect, test } from "vitest";
import type { ServerStats } from "../../servers/contract.ts";
import { sumProcesses, sumStats } from "./raw-sample.ts";

test("of several processes each figure is the sum, and one that is not known of all is absent", () => {
  const one = { cpuNs: 5e6, runqWaitNs: 2e6, rssBytes: 10, pssBytes: 8, ussBytes: 6, fds: 20, threads: 7 };
  const other = { cpuNs: 3e6, runqWaitNs: 1e6, rssBytes: 20, pssBytes: 16, fds: 30, threads: 11 };
  expect(sumProcesses([one, other])).toEqual({ cpuNs: 8e6, runqWaitNs: 3e6, rssBytes: 30, pssBytes: 24, fds: 50, threads: 18 });
  expect(sumProcesses([one])).toEqual(one);
});

test("there is no sum once one of them has ended or is silent, or where there is none", () => {
  const one = { cpuNs: 1, threads: 1 };
  expect([sumProcesses([one, undefined]), sumProcesses([]), sumStats([undefined]), sumStats([])]).toEqual(Array(4).fill(undefined));
});

test("what several servers say of themselves is summed, but for delays, of which the worst stands for all", () => {
  const counts = {
    connections: 1,
    subscriptions: 2,
    published: 3,
    delivered: 4,
    droppedForBackpressure: 5,
    heapUsedBytes: 6,
    externalBytes: 7,
    loopActiveMs: 8,
    loopIdleMs: 9,
    gcCount: 10,
    gcMs: 11,
  };
  const one: ServerStats = { ...counts, loopDelayMs: { p50: 1, p99: 9, max: 10 } };
  const other: ServerStats = { ...counts, loopDelayMs: { p50: 2, p99: 8, max: 30 } };
  const doubled = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, 2 * count]));
  expect(sumStats([one, other])).toEqual({ ...doubled, loopDelayMs: { p50: 2, p99: 9, max: 30 } });
});
