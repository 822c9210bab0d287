import { describe, expect, it } from "vitest";
import type { ServerStats } from "../../servers/contract.ts";
import type { RawSample } from "./raw-sample.ts";
import { toResourceSamples } from "./sampler.ts";
import { windowFigures } from "./window.ts";

const stats = (over: Partial<ServerStats>): ServerStats => ({
  connections: 0,
  subscriptions: 0,
  published: 0,
  delivered: 0,
  droppedForBackpressure: 0,
  heapUsedBytes: 0,
  externalBytes: 0,
  loopActiveMs: 0,
  loopIdleMs: 0,
  loopDelayMs: { p50: 0, p99: 0, max: 0 },
  gcCount: 0,
  gcMs: 0,
  ...over,
});

const FROM: RawSample = {
  atNs: 1e9,
  server: { cpuNs: 5e9, runqWaitNs: 1e9, threads: 7 },
  stats: stats({ loopActiveMs: 1000, loopIdleMs: 9000, gcMs: 50 }),
  host: { busyNs: 100e9, stealNs: 1e9, idleNs: 900e9, pressureNs: 10e9, throttled: 3 },
  ownCpuNs: 1e9,
};
const TO: RawSample = {
  atNs: 3e9,
  server: { cpuNs: 5.5e9, runqWaitNs: 1.02e9, threads: 7, rssBytes: 100, fds: 9 },
  stats: stats({ loopActiveMs: 1500, loopIdleMs: 10_500, gcMs: 57, loopDelayMs: { p50: 1, p99: 4, max: 9 } }),
  host: { busyNs: 103e9, stealNs: 1.1e9, idleNs: 900.9e9, pressureNs: 10.5e9, throttled: 3, kernelSocketBytes: 8192 },
  ownCpuNs: 1.1e9,
};

describe("figures of a window", () => {
  it("are the differences of counters", () => {
    const { hostSteal, ...rest } = windowFigures(FROM, TO);
    expect(hostSteal).toBeCloseTo(0.1 / 4, 9);
    expect(rest).toEqual({
      elapsedMs: 2000,
      cpuNs: 0.5e9,
      cpuCores: 0.25,
      runqWaitMs: 20,
      elu: 0.25,
      gcMs: 7,
      hostCpuCores: 1.5,
      ownCpuCores: 0.05,
      hostPressure: 0.25,
      throttled: 0,
    });
  });

  it("lack what one of the two samples lacks", () => {
    expect(windowFigures(FROM, { atNs: 3e9, host: {}, ownCpuNs: 0 })).toEqual({ elapsedMs: 2000 });
    expect(windowFigures({ atNs: 1e9, host: { busyNs: 1 }, ownCpuNs: 0 }, TO)).not.toHaveProperty("hostSteal");
  });

  it("lack what went back, for then something was restarted", () => {
    const restarted = { ...TO, stats: stats({ loopActiveMs: 5, loopIdleMs: 5, gcMs: 0 }) };
    const figures = windowFigures(FROM, restarted);
    expect(figures).not.toHaveProperty("elu");
    expect(figures).not.toHaveProperty("gcMs");
    expect(figures.cpuCores).toBe(0.25);
  });

  it("cannot be had of samples in the wrong order", () => {
    expect(() => windowFigures(TO, FROM)).toThrow("a window of -2000000000 ns: expected two samples, the earlier one first");
    expect(() => windowFigures(TO, TO)).toThrow(RangeError);
  });
});

describe("recorded samples", () => {
  it("count from the given moment, and have rates from the second on", () => {
    const [first, second] = toResourceSamples([FROM, TO], 2e9);
    expect(first).toEqual({
      atSecond: -1,
      serverThreads: 7,
      serverHeapUsedBytes: 0,
      serverExternalBytes: 0,
      serverLoopDelayP99Ms: 0,
      serverLoopDelayMaxMs: 0,
      serverConnections: 0,
    });
    expect(second).toMatchObject({
      atSecond: 1,
      serverCpuCores: 0.25,
      serverRunqWaitMs: 20,
      serverRssBytes: 100,
      serverFds: 9,
      serverElu: 0.25,
      serverGcMs: 7,
      serverLoopDelayP99Ms: 4,
      kernelSocketBytes: 8192,
      hostCpuCores: 1.5,
    });
    expect(second).not.toHaveProperty("serverPssBytes");
  });

  it("have no rates over a moment, and none is lost by it", () => {
    const moment = { ...FROM, atNs: FROM.atNs + 5e6, server: { cpuNs: 5.1e9, threads: 8 } };
    const [, short, long] = toResourceSamples([FROM, moment, TO], 1e9);
    expect(short).toMatchObject({ atSecond: 0.005, serverThreads: 8 });
    expect(short).not.toHaveProperty("serverCpuCores");
    expect(long!.serverCpuCores).toBe(0.25);
  });
});
