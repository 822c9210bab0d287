/** What a server holds before its subscribers come, and whether it gives everything back once they have left. */
import { setTimeout as delay } from "node:timers/promises";
import { nowNs } from "../clock.ts";
import { present } from "../present.ts";
import type { RawSample, Sampler } from "../sampling/sampler.ts";

/** Everything must be back within this time (METHOD, `server_fds`). */
const RELEASE_TIMEOUT_MS = 5000;
/** Of very many connections no more is asked of a server than this. */
const RELEASED_PER_MS = 10;

/** How long a server may take to give so many connections back. */
export function releaseTimeoutMs(connections: number): number {
  return Math.max(RELEASE_TIMEOUT_MS, connections / RELEASED_PER_MS);
}

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
  /** Connections more than before the load, by the server's own count, after the time is up. */
  readonly heldConnections?: number;
  /** Connections the server dropped for backpressure, by its own count. */
  readonly droppedForBackpressure?: number;
}

export function baseOf({ server, stats }: RawSample): Base {
  return {
    ...(server?.fds === undefined ? {} : { fds: server.fds }),
    ...(stats === undefined ? {} : { connections: stats.connections, dropped: stats.droppedForBackpressure }),
  };
}

/** How long a server may take to accept connections that are open on this side. */
const TAKEN_TIMEOUT_MS = 500;
const LOOK_FOR_TAKEN_MS = 10;

/**
 * Looks until the server has taken as many connections beside what it held before, or the time is up: those who publish elsewhere than
 * they push never get there.
 */
export async function awaitTaken(sampler: Sampler, base: Base, connections: number, signal: AbortSignal): Promise<Base> {
  const deadlineNs = nowNs() + TAKEN_TIMEOUT_MS * 1e6;
  for (;;) {
    const now = baseOf(await sampler.take());
    if (base.fds === undefined || now.fds === undefined || now.fds >= base.fds + connections || nowNs() > deadlineNs) return now;
    await delay(LOOK_FOR_TAKEN_MS, undefined, { signal });
  }
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
    const leakedFds = moreThan(base.fds, now.fds);
    const heldConnections = moreThan(base.connections, now.connections);
    if ((leakedFds ?? 0) + (heldConnections ?? 0) === 0 || nowNs() > deadlineNs) {
      const droppedForBackpressure = moreThan(base.dropped, now.dropped);
      return present({ leakedFds, heldConnections, droppedForBackpressure });
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

function moreThan(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined ? undefined : Math.max(0, now - before);
}
