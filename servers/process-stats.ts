/** What a server process knows of itself that nobody can see from outside: its heap, its event loop, its garbage collections. */
import { monitorEventLoopDelay, performance, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ServerStats } from "./contract.ts";

export type ProcessStats = Omit<ServerStats, "connections" | "subscriptions" | "published" | "delivered" | "droppedForBackpressure">;

export interface ProcessMonitor {
  /** Loop delay is since the previous call, everything else since the start of the process. */
  read(): ProcessStats;
  stop(): void;
}

/** Begins to watch this process, the delay of its event loop that often. */
export function monitorProcess(resolutionMs: number): ProcessMonitor {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let gcCount = 0;
  let gcMs = 0;
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      gcCount++;
      gcMs += entry.duration;
    }
  });
  collections.observe({ entryTypes: ["gc"] });

  /** The histogram holds the time between two of its ticks, of which the resolution is no delay. */
  function delayMs(ns: number): number {
    return delay.count === 0 ? 0 : Math.max(0, ns / 1e6 - resolutionMs);
  }

  return {
    read() {
      const heap = getHeapStatistics();
      const { active, idle } = performance.eventLoopUtilization();
      const loopDelayMs = {
        p50: delayMs(delay.percentile(50)),
        p99: delayMs(delay.percentile(99)),
        max: delayMs(delay.max),
      };
      delay.reset();
      return {
        heapUsedBytes: heap.used_heap_size,
        externalBytes: heap.external_memory,
        loopActiveMs: active,
        loopIdleMs: idle,
        loopDelayMs,
        gcCount,
        gcMs,
      };
    },
    stop() {
      delay.disable();
      collections.disconnect();
    },
  };
}

/** Collects garbage twice, so that what only finalizers held is gone as well. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
}
