/** A lean socket: TCP or TLS, reading into one buffer that all connections share, with the times of its opening and its bytes counted. */
import net from "node:net";
import tls from "node:tls";
import { nowNs } from "../clock.ts";
import type { Address, ConnectionError, OpenTimes, Reads } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

export interface SocketEvents {
  /** Ready to write. */
  connected(times: Omit<OpenTimes, "upgradeMs">): void;
  /** `buffer[0, end)` of the shared buffer holds what was read; valid during the call only. A {@link ProtocolError} fails the socket. */
  read(buffer: Buffer, end: number): void;
  /** The other side ended or the socket failed; at most once, and never after `close`. */
  failed(error: ConnectionError): void;
}

export interface LeanSocket {
  write(bytes: Uint8Array | string): void;
  /** Bytes written that the kernel has not taken. */
  unsentBytes(): number;
  close(): void;
}

export function openSocket(address: Address, reads: Reads, events: SocketEvents): LeanSocket {
  return new Lean(address, reads, events);
}

/** Where a socket of Node keeps the lean one that it carries. */
const CARRIED = Symbol("lean socket");

interface Carrier extends net.Socket {
  [CARRIED]?: Lean;
}

/**
 * What a million of these need is what one needs: no closure is made for a connection, and Node's socket is told the same few functions each
 * time, which find the lean one by it.
 */
class Lean implements LeanSocket {
  readonly #address: Address;
  readonly #reads: Reads;
  readonly #events: SocketEvents;
  readonly #socket: Carrier;
  #over = false;

  constructor(address: Address, reads: Reads, events: SocketEvents) {
    this.#address = address;
    this.#reads = reads;
    this.#events = events;
    this.#socket = dial(address, { onread: onreadInto(reads) }, (times) => {
      if (!this.#over) this.#events.connected(times);
    });
    this.#socket[CARRIED] = this;
    this.#socket.on("error", onError).on("end", onEnd).on("close", onEnd);
  }

  write(bytes: Uint8Array | string): void {
    if (this.#over) return;
    this.#reads.traffic.bytesUp += bytes.length;
    this.#socket.write(bytes);
  }

  unsentBytes(): number {
    return this.#socket.writableLength;
  }

  close(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  received(length: number): void {
    if (this.#over) return;
    this.#reads.receivedNs = nowNs();
    this.#reads.traffic.bytesDown += length;
    try {
      this.#events.read(this.#reads.buffer, length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail({ kind: error.kind, message: `${where(this.#address)}: ${error.message}` });
    }
  }

  broke(error: NodeJS.ErrnoException): void {
    if (!this.#over) this.#fail(describe(error, this.#address));
  }

  ended(): void {
    if (!this.#over) this.#fail({ kind: "closed", message: `${where(this.#address)} closed the connection` });
  }

  #fail(error: ConnectionError): void {
    if (this.#over) return;
    this.#over = true;
    this.#socket.destroy();
    this.#events.failed(error);
  }
}

function onError(this: Carrier, error: Error): void {
  this[CARRIED]!.broke(error);
}

function onEnd(this: Carrier): void {
  this[CARRIED]!.ended();
}

type OnRead = NonNullable<net.TcpSocketConnectOpts["onread"]>;
const onreads = new WeakMap<Reads, OnRead>();

/** What a socket that reads into that buffer is told, the same for all of them; node:net calls it on the socket. */
function onreadInto(reads: Reads): OnRead {
  const known = onreads.get(reads);
  if (known !== undefined) return known;
  const onread = {
    buffer: reads.buffer,
    callback(this: unknown, length: number): boolean {
      (this as Carrier)[CARRIED]!.received(length);
      return true;
    },
  };
  onreads.set(reads, onread);
  return onread;
}

/** Begins to connect, and tells when there is a connection, secured where `address` has a certificate to trust. */
export function dial(
  address: Address,
  options: Pick<net.TcpSocketConnectOpts, "onread"> & Pick<tls.ConnectionOptions, "ALPNProtocols">,
  connected: (times: Omit<OpenTimes, "upgradeMs">) => void,
): net.Socket {
  const { host, port, ca, from } = address;
  const place = { ...options, host, port, noDelay: true, ...(from === undefined ? {} : { localAddress: from.host, localPort: from.port }) };
  const socket =
    ca === undefined ? net.connect(place) : tls.connect({ ...place, ...(ca === "" ? {} : { ca }), servername: net.isIP(host) ? "" : host });
  socket.once("connect", () => socket.setNoDelay(true));
  timeOpening(socket, ca !== undefined, connected);
  return socket;
}

/** Tells how long each step took of a socket that begins to connect now. */
export function timeOpening(socket: net.Socket, secure: boolean, connected: (times: Omit<OpenTimes, "upgradeMs">) => void): void {
  const startedAt = performance.now();
  let tcpMs = 0;
  socket.once("connect", () => {
    tcpMs = performance.now() - startedAt;
    if (!secure) connected({ tcpMs });
  });
  socket.once("secureConnect", () => connected({ tcpMs, tlsMs: performance.now() - startedAt - tcpMs }));
}

/** Counts a socket whose reads somebody else takes: its own counts are asked whenever somebody wants to know, and once more as it closes. */
export function countBytes(socket: net.Socket, reads: Reads): void {
  let down = 0;
  let up = 0;
  const count = (): void => {
    reads.traffic.bytesDown += socket.bytesRead - down;
    reads.traffic.bytesUp += socket.bytesWritten - up;
    down = socket.bytesRead;
    up = socket.bytesWritten;
  };
  reads.counters.add(count);
  socket.once("close", () => {
    count();
    reads.counters.delete(count);
  });
}

export function where(address: Address): string {
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}

/** Names what went wrong in the words that are counted; the kernel's own word stays in the message. */
export function describe(error: NodeJS.ErrnoException, address: Address): ConnectionError {
  const code = error.code ?? "";
  const message = `${where(address)}: ${error.message}`;
  if (code === "ECONNREFUSED") return { kind: "refused", message };
  if (code === "ECONNRESET" || code === "EPIPE") return { kind: "reset", message };
  if (code === "ETIMEDOUT") return { kind: "timeout", message };
  if (code === "EMFILE" || code === "ENFILE") return { kind: "descriptors", message };
  if (code === "EADDRNOTAVAIL" || code === "EADDRINUSE") return { kind: "ports", message };
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return { kind: "unreachable", message };
  // A GOAWAY that names an error; anything else that node:http2 says is about the other side's bytes.
  if (code === "ERR_HTTP2_SESSION_ERROR") return { kind: "closed", message };
  if (code.startsWith("ERR_HTTP2_")) return { kind: "protocol", message };
  // Of the codes of a TLS socket those of the kernel alone are short and begin with an E; EPROTO is OpenSSL's.
  if (address.ca !== undefined && (code === "EPROTO" || !/^E[A-Z0-9]+$/.test(code))) return { kind: "tls", message };
  return { kind: "other", message };
}
