/** What connections are taken to need in memory before anybody has measured it, so that a trial which cannot fit is not begun. */

/**
 * Bytes of one subscriber in the server, by the library that the server stands on: the largest slope over steps that a transport on it
 * showed (`server_memory_per_connection_bytes`). Buffers that fill add to it.
 */
const SERVER_BYTES: Readonly<Record<string, number>> = { "uWebSockets.js": 3700, ws: 5800, "node:http": 10_800, "node:http2": 7600 };
/** Of a library that nobody measured here. */
const UNKNOWN_SERVER_BYTES = 10_800;

/** Bytes of one subscriber in the lean client (`generator_memory_per_connection_bytes`): one that polls or shares a connection has more to keep. */
const CLIENT_BYTES = { held: 3800, polling: 9500, shared: 9500 } as const;

/**
 * Bytes of one connection in the kernel, both of its ends here, with empty buffers: 6,400 of slab that is called unreclaimable, and 3,900 of
 * inodes and directory entries, which are called reclaimable and are not as long as the socket is open.
 */
export const KERNEL_BYTES = 10_300;

/** Private bytes of a process before its first connection. */
export const PROCESS_BYTES = { server: 21_000_000, worker: 27_000_000 } as const;

/** Part of the available memory that connections may take; the rest is for histories and buffers. */
export const MEMORY_SHARE = 0.9;

export interface AssumedBytes {
  /** A subscriber. */
  readonly server: number;
  readonly client: number;
  /** A connection. */
  readonly kernel: number;
}

/** What a subscriber and its connection need, on a server that stands on this library. */
export function assumedBytes(library: string, transport: string): AssumedBytes {
  const client = transport.endsWith("-http2") ? "shared" : transport === "polling" ? "polling" : "held";
  return { server: SERVER_BYTES[library] ?? UNKNOWN_SERVER_BYTES, client: CLIENT_BYTES[client], kernel: KERNEL_BYTES };
}
