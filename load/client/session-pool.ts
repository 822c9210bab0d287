/** The HTTP/2 sessions of a worker: subscribers share them, up to as many as wanted and as the server takes, and then open another. */
import type { JoinedStream, OpenSession, Session, StreamRequest } from "./session.ts";
import { where } from "./socket.ts";
import type { Address, Reads } from "../transport.ts";

/** Asks on a connection that has room, or on a new one. */
export type OpenStream = (address: Address, streams: number, request: Omit<StreamRequest, "moved">, reads: Reads) => JoinedStream;

interface Pool {
  readonly sessions: Set<Session>;
  /** Streams the server was last heard to take on a connection. */
  limit: number;
}

/**
 * Streams on sessions that `openSession` opens. A server that takes fewer than `streams` on a connection gets more connections: that is
 * layout, not an error, and shows in its descriptors and connects.
 */
export function createSessionPool(openSession: OpenSession): OpenStream {
  /** By worker, whose reads they share, then by address. */
  const pools = new WeakMap<Reads, Map<string, Pool>>();

  function poolOf(address: Address, reads: Reads): Pool {
    const byAddress = pools.get(reads) ?? new Map<string, Pool>();
    pools.set(reads, byAddress);
    const key = `${address.ca === undefined ? "http" : "https"}://${where(address)}`;
    const pool = byAddress.get(key) ?? { sessions: new Set(), limit: Infinity };
    byAddress.set(key, pool);
    return pool;
  }

  return (address, streams, request, reads) => {
    const pool = poolOf(address, reads);
    let stream: JoinedStream;

    function join(): void {
      const session = [...pool.sessions].findLast((each) => each.hasRoom()) ?? open();
      stream = session.join({ ...request, moved });
    }

    function moved(): void {
      reads.traffic.movedStreams++;
      join();
    }

    function open(): Session {
      const session = openSession(address, Math.min(streams, pool.limit), reads, {
        limited: (limit) => (pool.limit = limit),
        closed: () => pool.sessions.delete(session),
      });
      pool.sessions.add(session);
      return session;
    }

    join();
    return {
      write: (bytes) => stream.write(bytes),
      unsentBytes: () => stream.unsentBytes(),
      get posts() {
        return stream.posts;
      },
      close: () => stream.close(),
    };
  };
}
