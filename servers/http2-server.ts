/** Node's own HTTP/2 server, by prior knowledge over TCP or by ALPN alone over TLS: many streams to a connection, closed for sure. */
import {
  constants,
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { Certificate } from "./certificate.ts";
import { KEEP_ALIVE_MS, refusalBody, type HttpServer, type Refusal } from "./http-server.ts";
import type { SentMessage } from "./echo.ts";
import { createListening } from "./listening.ts";

export type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** Streams of one connection that may be open at once; one more is answered with REFUSED_STREAM. nginx has 128, h2o 100, Envoy and Caddy 250 and more. */
export const MAX_STREAMS = 250;

/** What node:http takes too. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Read so far, for what passes the limit above is answered with its status, not with a reset. */
const MAX_HEADER_LIST_BYTES = 128 * 1024;
/** What the header list counts for a field beside its letters (RFC 9113, 6.5.2). */
const FIELD_BYTES = 32;
const MIB = 1024 * 1024;

export function createHttp2Server(
  certificate: Certificate | undefined,
  backpressureBytes: number,
  listener: StreamListener,
  settings: Settings = {},
): Pick<HttpServer, "listen" | "close"> {
  const options = {
    noDelay: true,
    settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_LIST_BYTES, ...settings },
    // In MB. A session above it refuses new streams; what waits for slow readers is bounded stream by stream, and neighbours must go on.
    maxSessionMemory: Math.ceil((2 * MAX_STREAMS * (backpressureBytes + MIB)) / MIB),
  };
  const server =
    certificate === undefined
      ? createServer(options)
      : createSecureServer({ ...options, key: certificate.key, cert: certificate.cert, handshakeTimeout: 20_000 });
  /** Each with what closes it where nothing is under way. */
  const sessions = new Map<ServerHttp2Session, () => void>();
  let stopping = false;

  server.on("session", (session: ServerHttp2Session) => {
    let streams = 0;
    const closeIdle = (): void => {
      if (streams === 0) session.close();
    };
    sessions.set(session, closeIdle);
    session.once("close", () => sessions.delete(session));
    session.on("stream", (stream) => {
      streams++;
      stream.once("close", () => {
        streams--;
        // GOAWAY after the last answer, not before: undici takes what is under way for cut when it comes.
        if (stopping) closeIdle();
      });
    });
    session.setTimeout(KEEP_ALIVE_MS, closeIdle);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    // A reset by the client; its close follows.
    stream.on("error", () => {});
    // A body that nobody wants must not fill the connection's window.
    stream.resume();
    if (stopping) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
    } else if (headerBytes(headers) > MAX_HEADER_BYTES) {
      refuseStream(stream, { status: 431, message: `headers of ${headerBytes(headers)} bytes: expected ${MAX_HEADER_BYTES} at most` });
    } else {
      listener(stream, headers);
    }
  });

  const { listen, close } = createListening(server);
  return {
    listen,
    close: () =>
      close(() => {
        stopping = true;
        for (const closeIdle of sessions.values()) closeIdle();
      }),
  };
}

/** Answers a refusal as JSON: `{"error": …}`. */
export function refuseStream(stream: ServerHttp2Stream, { status, message, headers }: Refusal): void {
  stream.respond({ ":status": status, "content-type": "application/json", ...headers });
  // Once it is answered, whatever body is still on its way is not waited for.
  stream.end(refusalBody(message), () => stream.close());
}

/** Takes a message that a subscriber sends, and answers it once it is published. */
export function takeSent(stream: ServerHttp2Stream, sent: SentMessage): void {
  stream.on("data", sent.write);
  stream.once("end", () => {
    const refusal = sent.end();
    // Whoever sent it may be gone.
    if (stream.destroyed) return;
    if (refusal === undefined) stream.respond({ ":status": 204 }, { endStream: true });
    else refuseStream(stream, refusal);
  });
}

function headerBytes(headers: IncomingHttpHeaders): number {
  return Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + FIELD_BYTES, 0);
}
