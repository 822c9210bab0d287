/** Whether a server gives everything back once its subscribers have left. */
import { setTimeout as delay } from "node:timers/promises";
import { nowNs } from "../clock.ts";
import type { RawSample, Sampler } from "../sampling/sampler.ts";

/** Everything must be back within this time (METHOD, `server_fds`). */
const RELEASE_TIMEOUT_MS = 5000;
const LOOK_EVERY_MS = 100;

/** The server before the load; absent fields cannot be had. */
export interface Base {
  readonly fds?: number;
  readonly connections?: number;
  readonly dropped?: number;
}

export interface ReleaseCheck {
  /** Descriptors more than before the load, after the time is up. */
  readonly leakedFds?: number;
  /** Connections the server dropped for backpressure, by its own count. */
  readonly droppedForBackpressure?: number;
}

export function baseOf({ server, stats }: RawSample): Base {
  return {
    ...(server?.fds === undefined ? {} : { fds: server.fds }),
    ...(stats === undefined ? {} : { connections: stats.connections, dropped: stats.droppedForBackpressure }),
  };
}

/** Looks until the server holds no more than before the load, or the time is up. */
export async function awaitRelease(
  sampler: Sampler,
  base: Base,
  signal: AbortSignal,
  timeoutMs = RELEASE_TIMEOUT_MS,
): Promise<ReleaseCheck> {
  const deadlineNs = nowNs() + timeoutMs * 1e6;
  for (;;) {
    const now = baseOf(await sampler.take());
    const leakedFds = now.fds === undefined || base.fds === undefined ? undefined : now.fds - base.fds;
    const held = now.connections === undefined || base.connections === undefined ? 0 : now.connections - base.connections;
    if (((leakedFds ?? 0) <= 0 && held <= 0) || nowNs() > deadlineNs) {
      return {
        ...(leakedFds === undefined ? {} : { leakedFds: Math.max(0, leakedFds) }),
        ...(now.dropped === undefined || base.dropped === undefined ? {} : { droppedForBackpressure: now.dropped - base.dropped }),
      };
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
