/** What this process uses between two moments: the generator's own load, reported beside its figures (METHOD R6). */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { Usage } from "../assignment.ts";
import { present } from "../present.ts";
import { countDescriptors } from "../sampling/process.ts";

/**
 * How finely a process looks at the delay of its event loop. Each look wakes it, at some 70 µs of CPU time where it has nothing else to do: of
 * many processes each should look more rarely.
 */
export const LOOP_DELAY_RESOLUTION_MS = 5;

export interface UsageMeter {
  start(): void;
  stop(): void;
  /** Of the time between `start` and `stop`; until the present where either has not come. */
  read(): Usage;
}

export function createUsageMeter(resolutionMs = LOOP_DELAY_RESOLUTION_MS): UsageMeter {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const begin = (): Moment => ({
    at: performance.now(),
    cpu: process.cpuUsage(),
    elu: performance.eventLoopUtilization(),
    runqWaitMs: runqWaitMs(),
  });
  let from = begin();
  let to: Usage | undefined;

  function usage(): Usage {
    const now = begin();
    const elapsedMs = Math.max(1e-3, now.at - from.at);
    const cpu = process.cpuUsage(from.cpu);
    // The histogram holds the time between two looks.
    const delay = (ns: number): number => Math.max(0, (Number.isFinite(ns) ? ns : 0) / 1e6 - resolutionMs);
    return {
      elu: performance.eventLoopUtilization(now.elu, from.elu).utilization,
      loopDelayMs: { p50: delay(delays.percentile(50)), p99: delay(delays.percentile(99)), max: delay(delays.max) },
      cpuCores: (cpu.user + cpu.system) / 1000 / elapsedMs,
      ...(now.runqWaitMs === undefined || from.runqWaitMs === undefined ? {} : { runqWaitMs: now.runqWaitMs - from.runqWaitMs }),
      rssBytes: process.memoryUsage.rss(),
      ...present({ fds: countDescriptors("/proc/self") }),
    };
  }

  return {
    start() {
      from = begin();
      delays.reset();
      delays.enable();
    },
    stop() {
      to ??= usage();
      delays.disable();
    },
    read: () => to ?? usage(),
  };
}

interface Moment {
  readonly at: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly elu: ReturnType<typeof performance.eventLoopUtilization>;
  readonly runqWaitMs: number | undefined;
}

/** Time the main thread was ready to run and had no core: the second field of schedstat. */
function runqWaitMs(): number | undefined {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[1]) / 1e6;
  } catch {
    return undefined;
  }
}
