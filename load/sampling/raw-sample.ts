import type { ServerStats } from "../../servers/contract.ts";
import type { HostFigures } from "./host.ts";
import type { ProcessFigures } from "./process.ts";

/** The server and the host at one moment, counters as they stand. */
export interface RawSample {
  /** Monotonic time of the look into `/proc`; `stats` may be up to a second younger. */
  readonly atNs: number;
  /** Sum over all processes of the target; absent when one of them has ended, or none is known. */
  readonly server?: ProcessFigures;
  /** What the target says of itself: sums over all its processes, the largest of delays; absent when one of them did not answer. */
  readonly stats?: ServerStats;
  readonly host: HostFigures;
  /** CPU time of this process, which looks and coordinates. */
  readonly ownCpuNs: number;
}

/** The whole of several processes; absent when one of them is, and a field likewise. */
export function sumProcesses(parts: readonly (ProcessFigures | undefined)[]): ProcessFigures | undefined {
  return fold(parts, (a, b) => ({
    cpuNs: a.cpuNs + b.cpuNs,
    threads: a.threads + b.threads,
    ...sumWhereBoth(a, b, ["runqWaitNs", "rssBytes", "pssBytes", "ussBytes", "fds"]),
  }));
}

/** The whole of what several processes say of themselves; absent when one of them is silent. */
export function sumStats(parts: readonly (ServerStats | undefined)[]): ServerStats | undefined {
  return fold(parts, (a, b) => ({
    connections: a.connections + b.connections,
    subscriptions: a.subscriptions + b.subscriptions,
    published: a.published + b.published,
    delivered: a.delivered + b.delivered,
    droppedForBackpressure: a.droppedForBackpressure + b.droppedForBackpressure,
    heapUsedBytes: a.heapUsedBytes + b.heapUsedBytes,
    externalBytes: a.externalBytes + b.externalBytes,
    loopActiveMs: a.loopActiveMs + b.loopActiveMs,
    loopIdleMs: a.loopIdleMs + b.loopIdleMs,
    loopDelayMs: {
      p50: Math.max(a.loopDelayMs.p50, b.loopDelayMs.p50),
      p99: Math.max(a.loopDelayMs.p99, b.loopDelayMs.p99),
      max: Math.max(a.loopDelayMs.max, b.loopDelayMs.max),
    },
    gcCount: a.gcCount + b.gcCount,
    gcMs: a.gcMs + b.gcMs,
  }));
}

function fold<T extends object>(parts: readonly (T | undefined)[], add: (a: T, b: T) => T): T | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 || known.length < parts.length ? undefined : known.reduce(add);
}

type Optional = "runqWaitNs" | "rssBytes" | "pssBytes" | "ussBytes" | "fds";

function sumWhereBoth(a: ProcessFigures, b: ProcessFigures, fields: readonly Optional[]): Partial<Record<Optional, number>> {
  const sums: Partial<Record<Optional, number>> = {};
  for (const field of fields) {
    const [left, right] = [a[field], b[field]];
    if (left !== undefined && right !== undefined) sums[field] = left + right;
  }
  return sums;
}
