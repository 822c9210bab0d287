/** An HTTP/2 connection that streams share, with the times of its opening; when it dies, so do they, each told why. */
import http2 from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, IncomingHttpStatusHeader, OutgoingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { nowNs } from "../clock.ts";
import { createSessionPosts } from "./session-posts.ts";
import { countBytes, describe, dial, where } from "./socket.ts";
import type { Address, ConnectionError, OpenTimes, Reads, Upward } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

/** What is asked on a stream, and who is told. A {@link ProtocolError} fails the stream and leaves its neighbours alone. */
export interface StreamRequest {
  readonly headers: OutgoingHttpHeaders;
  /** The request is about to be sent. The times are the connection's for the stream it was opened for, 0 for those that share it. */
  asking(times: Omit<OpenTimes, "upgradeMs">): void;
  /** The stream is for one who goes on with it by himself; a client that hides it leaves it out. */
  answered(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, stream?: Duplex): void;
  /** What was read; valid during the call only. */
  data(bytes: Buffer): void;
  /** At most once, and never after it was closed. */
  failed(error: ConnectionError): void;
  /** The server takes fewer streams than was thought: to be asked on another connection. */
  moved(): void;
  /** Path and query that messages are posted to; where one posts, all that share its connection do. */
  readonly sendPath?: string | undefined;
}

export interface Session {
  /** Takes the request, which is sent once the server has said how many streams it takes. */
  join(request: StreamRequest): JoinedStream;
  hasRoom(): boolean;
}

/** A stream as its subscriber holds it. */
export interface JoinedStream {
  /** Sends up, once it was answered. */
  write(bytes: Uint8Array): void;
  /** Bytes written that have not left this process. */
  unsentBytes(): number;
  /** Sends messages by POST, on streams beside this one; an answer other than 204 fails this one. Absent without a path. */
  readonly posts?: Upward | undefined;
  /** Closes without waiting; no event follows. */
  close(): void;
}

export interface SessionEvents {
  /** How many streams the server takes, told before any request moves. */
  limited(streams: number): void;
  /** Takes no more requests. */
  closed(): void;
}

/** As Chromium's, so that no window of the client stands in a latency. */
const STREAM_WINDOW_BYTES = 6 * 1024 * 1024;
const SESSION_WINDOW_BYTES = 15 * 1024 * 1024;
/** In MB. Node refuses new streams above it. */
const SESSION_MEMORY = 256;
const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = http2.constants;

/** Opens a connection for `capacity` streams at most; of those that post, each leaves the room of another. */
export type OpenSession = (address: Address, capacity: number, reads: Reads, events: SessionEvents) => Session;

export const openSession: OpenSession = (address, capacity, reads, events) => {
  /** Those that joined, each with its stream once it was asked. */
  const members = new Map<StreamRequest, ClientHttp2Stream | undefined>();
  const secure = address.ca !== undefined;
  let room = capacity;
  let session: ClientHttp2Session | undefined;
  let settled = false;
  let over = false;
  let opening: Omit<OpenTimes, "upgradeMs"> | undefined;

  const socket = dial(address, { ALPNProtocols: ["h2"] }, (times) => {
    opening = times;
    if (over) return;
    if (secure && (socket as TLSSocket).alpnProtocol !== "h2") fail({ kind: "protocol", message: `${where(address)} did not choose h2` });
    else begin();
  });
  countBytes(socket, reads);
  socket.on("error", (error) => fail(describe(error, address)));
  socket.once("close", () => fail(closedBy(address)));

  function begin(): void {
    const opened = http2.connect(`${secure ? "https" : "http"}://${where(address)}`, {
      createConnection: () => socket,
      maxSessionMemory: SESSION_MEMORY,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    });
    session = opened;
    opened.once("connect", () => opened.setLocalWindowSize(SESSION_WINDOW_BYTES));
    opened.on("remoteSettings", ({ maxConcurrentStreams = Infinity }) => settle(maxConcurrentStreams));
    opened.on("error", (error) => fail(describe(error, address)));
    opened.once("goaway", events.closed);
    opened.once("close", () => fail(closedBy(address)));
  }

  /** Requests wait for this: one above the server's limit would be held back by node:http2 itself, in silence. */
  function settle(taken: number): void {
    const posting = [...members.keys()].some(({ sendPath }) => sendPath !== undefined);
    const limit = posting ? Math.floor(taken / 2) : taken;
    room = Math.min(capacity, limit);
    if (settled) return;
    settled = true;
    if (limit === 0) return fail(takesNoStreams(address, taken));
    events.limited(limit);
    const requests = [...members.keys()];
    for (const request of requests.slice(0, room)) ask(request);
    for (const request of requests.slice(room)) {
      members.delete(request);
      request.moved();
    }
  }

  function ask(request: StreamRequest): void {
    if (request.headers[":protocol"] !== undefined && session!.remoteSettings.enableConnectProtocol !== true)
      return failOne(request, {
        kind: "protocol",
        message: `${where(address)} takes no WebSocket over HTTP/2: its SETTINGS_ENABLE_CONNECT_PROTOCOL is not 1 (RFC 8441)`,
      });
    request.asking(opening ?? { tcpMs: 0, ...(secure ? { tlsMs: 0 } : {}) });
    opening = undefined;
    reads.traffic.requests++;
    const stream = session!.request(request.headers);
    members.set(request, stream);
    const read = (handle: () => void): void => {
      if (!members.has(request)) return;
      reads.receivedNs = nowNs();
      try {
        handle();
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        failOne(request, { kind: error.kind, message: `${where(address)}: ${error.message}` });
      }
    };
    stream.once("response", (headers) => read(() => request.answered(headers, stream)));
    stream.on("data", (bytes: Buffer) => read(() => request.data(bytes)));
    stream.once("end", () => failOne(request, { kind: "closed", message: `${where(address)} ended the stream` }));
    stream.on("error", (error) => failOne(request, describeStream(error, stream, address)));
    stream.once("close", () => failOne(request, session!.destroyed ? closedBy(address) : describeStream(undefined, stream, address)));
  }

  function posted(request: StreamRequest, status: number | undefined): void {
    // Where the connection is gone its members have been told.
    if (status === 204) return;
    const answered = status === undefined ? "without a status" : String(status);
    failOne(request, {
      kind: status === undefined ? "reset" : "http_status",
      message: `${where(address)}: POST /send was answered ${answered}`,
    });
  }

  function failOne(request: StreamRequest, error: ConnectionError): void {
    if (!members.has(request)) return;
    leave(request);
    request.failed(error);
  }

  function leave(request: StreamRequest): void {
    members.get(request)?.close(NGHTTP2_CANCEL);
    if (members.delete(request) && members.size === 0) end();
  }

  function fail(error: ConnectionError): void {
    if (over) return;
    const requests = [...members.keys()];
    members.clear();
    end();
    for (const request of requests) request.failed(error);
  }

  function end(): void {
    over = true;
    events.closed();
    session?.destroy();
    socket.destroy();
  }

  return {
    join(request) {
      members.set(request, undefined);
      if (settled) ask(request);
      const { sendPath } = request;
      const answered = (status: number | undefined): void => posted(request, status);
      return {
        write: (bytes) => void members.get(request)?.write(bytes),
        unsentBytes: () => members.get(request)?.writableLength ?? 0,
        posts: sendPath === undefined ? undefined : createSessionPosts(() => session, sendPath, reads.traffic, answered),
        close: () => leave(request),
      };
    },
    hasRoom: () => !over && members.size < room,
  };
};

/** `limit` is what the server said; one stream is none for who needs another beside it. */
export function takesNoStreams(address: Address, limit = 0): ConnectionError {
  const what = limit === 0 ? "no streams" : "no stream to post on beside another";
  return { kind: "refused", message: `${where(address)} takes ${what}: its SETTINGS_MAX_CONCURRENT_STREAMS is ${limit}` };
}

export function refusedStream(address: Address): ConnectionError {
  return { kind: "refused", message: `${where(address)} refused the stream: it has as many on the connection as it takes` };
}

export function closedBy(address: Address): ConnectionError {
  return { kind: "closed", message: `${where(address)} closed the connection` };
}

function describeStream(error: Error | undefined, { rstCode }: ClientHttp2Stream, address: Address): ConnectionError {
  if (rstCode === NGHTTP2_REFUSED_STREAM) return refusedStream(address);
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== "ERR_HTTP2_STREAM_ERROR") return describe(error, address);
  return { kind: "reset", message: `${where(address)} reset the stream with code ${rstCode}` };
}
