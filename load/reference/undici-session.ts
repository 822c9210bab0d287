/** An HTTP/2 connection of undici that requests share. */
import type { ClientHttp2Session } from "node:http2";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { Client, H2CClient } from "undici";
import { nowNs } from "../clock.ts";
import { closedBy, refusedStream, takesNoStreams } from "../client/session.ts";
import type { OpenSession, StreamRequest } from "../client/session.ts";
import { where } from "../client/socket.ts";
import type { Address, ConnectionError, OpenTimes } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { describeLibraryError } from "./library-error.ts";
import { createConnector, originOf } from "./undici-connector.ts";

/**
 * How many streams the server takes is nowhere in undici's interface: what passes it, undici hands to node:http2, which holds it back in
 * silence. So its session is asked, by the symbol under which undici 7.30.2, which package.json pins, keeps it.
 */
const { kHTTP2Session } = createRequire(import.meta.url)("undici/lib/core/symbols.js") as { readonly kHTTP2Session: symbol };

/** Opens with the first request; the others wait until the server has said how many streams it takes. */
export const openUndiciSession: OpenSession = (address, capacity, reads, events) => {
  /** Those that joined, each with what ends its request once it was asked. */
  const members = new Map<StreamRequest, AbortController | undefined>();
  const secure = address.ca !== undefined;
  let room = capacity;
  let settled = false;
  let over = false;
  let socket: Socket | undefined;
  let session: ClientHttp2Session | undefined;
  let opening: Omit<OpenTimes, "upgradeMs"> | undefined;

  const client = new (secure ? Client : H2CClient)(originOf(address), {
    ...(secure ? { allowH2: true } : {}),
    maxConcurrentStreams: capacity,
    pipelining: capacity,
    // Whoever opens a subscriber bounds its opening; after that silence is no fault.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: createConnector(address, "h2", reads, {
      dialling(dialled) {
        socket = dialled;
        dialled.on("error", (error) => fail(describeLibraryError(error, address)));
        dialled.once("close", () => fail(closedBy(address)));
      },
      connected: (times) => (opening = times),
    }),
  });
  client.once("connect", () => {
    session = (client as unknown as Record<symbol, ClientHttp2Session>)[kHTTP2Session]!;
    session.on("remoteSettings", ({ maxConcurrentStreams = Infinity }) => settle(maxConcurrentStreams));
    session.on("error", (error) => fail(describeLibraryError(error, address)));
    session.once("goaway", events.closed);
    // What was asked to open the connection is sent now.
    for (const [request, asked] of members) if (asked !== undefined) tellAsking(request);
  });

  function settle(limit: number): void {
    room = Math.min(capacity, limit);
    if (settled) return;
    settled = true;
    if (limit === 0) return fail(takesNoStreams(address));
    events.limited(limit);
    for (const [request, asked] of [...members].slice(0, room)) if (asked === undefined) ask(request);
    for (const [request] of [...members].slice(room)) {
      members.delete(request);
      request.moved();
    }
  }

  function tellAsking(request: StreamRequest): void {
    request.asking(opening ?? { tcpMs: 0, ...(secure ? { tlsMs: 0 } : {}) });
    opening = undefined;
    reads.traffic.requests++;
  }

  function ask(request: StreamRequest): void {
    const asked = new AbortController();
    members.set(request, asked);
    if (session !== undefined) tellAsking(request);
    const { ":path": path, ":authority": host, ...others } = request.headers;
    const headers = { ...(host === undefined ? {} : { host }), ...others } as Record<string, string>;
    client.request({ method: "GET", path: String(path), headers, signal: asked.signal }, (error, answer) => {
      if (error !== null) {
        // Nothing else was on a connection that could not be had.
        if (session === undefined) fail(describeLibraryError(error, address));
        else failOne(request, error);
        return;
      }
      read(request, () =>
        request.answered({ ...answer.headers, ":status": answer.statusCode } as Parameters<StreamRequest["answered"]>[0]),
      );
      answer.body.on("error", (broken) => failOne(request, broken));
      answer.body.on("data", (bytes: Buffer) => read(request, () => request.data(bytes)));
      answer.body.once("end", () => failOne(request, new ProtocolError("the stream was ended", "closed")));
    });
  }

  function read(request: StreamRequest, handle: () => void): void {
    if (!members.has(request)) return;
    reads.receivedNs = nowNs();
    try {
      handle();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      failOne(request, error);
    }
  }

  function failOne(request: StreamRequest, error: NodeJS.ErrnoException): void {
    // Where the connection is gone, its own end says why, to all at once.
    if (!members.has(request) || session!.destroyed || socket!.destroyed) return;
    leave(request);
    request.failed(describeStream(error, address));
  }

  function leave(request: StreamRequest): void {
    members.get(request)?.abort();
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
    void client.destroy();
    socket?.destroy();
  }

  return {
    join(request) {
      members.set(request, undefined);
      if (settled || members.size === 1) ask(request);
      return {
        write() {
          throw new Error("a GET of undici has nothing to send up");
        },
        unsentBytes: () => 0,
        close: () => leave(request),
      };
    },
    hasRoom: () => !over && members.size < room,
  };
};

/** undici does not tell the code of a stream that was reset, but for its words. */
function describeStream(error: NodeJS.ErrnoException, address: Address): ConnectionError {
  const { code, message } = error;
  if (code !== "ERR_HTTP2_STREAM_ERROR" && code !== "UND_ERR_INFO") return describeLibraryError(error, address);
  if (message.includes("NGHTTP2_REFUSED_STREAM")) return refusedStream(address);
  return { kind: message.includes("half-closed (remote)") ? "closed" : "reset", message: `${where(address)}: ${message}` };
}
