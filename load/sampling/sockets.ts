/** What the kernel counts on each TCP connection, read at this end with `ss` of iproute2: Node reaches none of it. */
import { execFile } from "node:child_process";
import { findCommand } from "../find-command.ts";

/** Counters of one connection since it was opened (`tcpi_*` of linux/tcp.h). */
export interface SocketCounters {
  /** Payload of all segments sent, those sent again included. */
  readonly bytesSent: number;
  /** Segments sent with payload. */
  readonly segmentsSent: number;
  /** What was written and is not acknowledged yet. */
  readonly queuedBytes: number;
}

/** By both addresses of the connection, as text. */
export type Sockets = ReadonlyMap<string, SocketCounters>;

/** A line for a connection has some 500 bytes. */
const LONGEST_OUTPUT = 64 * 1024 * 1024;
const WITHIN_MS = 5000;

/** All connections established at one of these ports of this machine; `undefined` where they cannot be had. */
export async function readSockets(ports: readonly number[], signal: AbortSignal): Promise<Sockets | undefined> {
  const ss = findCommand("ss");
  if (ss === undefined || ports.length === 0) return undefined;
  const filter = ports.map((port) => `sport = :${port}`).join(" or ");
  const options = { signal, timeout: WITHIN_MS, maxBuffer: LONGEST_OUTPUT, encoding: "latin1" } as const;
  return new Promise((resolve) => {
    execFile(ss, ["-tinHO", "state", "established", `( ${filter} )`], options, (error, stdout) =>
      resolve(error === null ? parseSockets(stdout) : undefined),
    );
  });
}

/** What `ss -tinHO state established` prints: a line a connection, where a counter that is 0 is left out. */
export function parseSockets(text: string): Sockets {
  const sockets = new Map<string, SocketCounters>();
  for (const line of text.split("\n")) {
    const [, queued, ends] = /^\d+\s+(\d+)\s+(\S+\s+\S+)\s/.exec(line) ?? [];
    if (queued === undefined || ends === undefined) continue;
    const counter = (name: string): number => Number(new RegExp(` ${name}:(\\d+)`).exec(line)?.[1] ?? 0);
    sockets.set(ends.replace(/\s+/, " "), {
      bytesSent: counter("bytes_sent"),
      segmentsSent: counter("data_segs_out"),
      queuedBytes: Number(queued),
    });
  }
  return sockets;
}
