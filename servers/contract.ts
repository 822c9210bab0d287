/**
 * All that the servers and the load share: options, ready line, control endpoints, publish stream, and what a subscriber is told.
 *
 * A subscriber asks, by transport:
 * - polling: `GET /poll?topic=T[&after=N]`, answered at once with a {@link PollAnswer}; without `after` it is the hello alone;
 * - long-polling: `GET /long-poll?topic=T[&after=N][&wait=MS]`, the same, but where nothing has come after N it is answered when the
 *   topic's next message comes, or with 204 and no body once `wait` has passed (25,000 ms unless said, 60,000 at most): ask again as
 *   before. Messages published together come in one answer; what comes between two polls is in history and comes with the next. A poll
 *   sent behind one that is not answered yet is cut off with its connection;
 * - sse: `GET /events?topic=T[&after=N]`, `Last-Event-ID: N` winning over `after`; `event: hello` whose data is a {@link Hello} and
 *   whose id is `next - 1`, then an event a message whose id is the sequence number;
 * - http-stream: `GET /stream?topic=T[&from=N]`, a response that does not end, of UTF-8 text: a first line with a {@link Hello}, then a
 *   line a message, bare, ended by LF; a line of CR alone is a heartbeat. No line has an id: the subscriber counts on from `next`;
 * - sse-http2, http-stream-http2: the same two over HTTP/2, by prior knowledge over TCP and by ALPN over TLS, each subscriber a stream
 *   among others of a connection; one that is too slow is reset with ENHANCE_YOUR_CALM, one too many with REFUSED_STREAM;
 * - websocket: upgrade of `/ws?topic=T[&from=N]`; a first text frame with a {@link Hello}, then a text frame a message, bare, or with
 *   `--binary` a binary frame of the same bytes; with `--compression` they come compressed to who offers permessage-deflate (RFC 7692);
 * - websocket-http2: the same frames on a stream among others of an HTTP/2 connection, asked for by an extended CONNECT of `/ws` with
 *   `:protocol` websocket and `sec-websocket-version` 13 (RFC 8441), answered with 200; refused and reset as its siblings above are.
 *
 * With `--batch-ms` messages of a topic that come within so many ms are published together, when these have passed: in one write of
 * several events, lines or frames, or one answer of several messages; what polling answers then ends with the last batch. A message
 * has its sequence number, and its place in history, from then on; a server that stops publishes first what it holds back.
 *
 * With `--echo` a subscriber also sends, on any topic it can name, and what it sends is published like any other message: on a WebSocket
 * a data frame is published on the topic that the socket follows; elsewhere `POST /send?topic=T` on the subscribers' port, its body one
 * message, is answered 204 once it is published. A message is UTF-8 of 1 byte to {@link MAX_MESSAGE_BYTES}, without CR or LF. One that is
 * not is answered 400 or 413, a WebSocket closed with 1008, or 1009 where it is too long. Without `--echo` there is no `/send`, and a data frame closes its
 * socket with 1008.
 *
 * `after` is the last sequence number already held, `from` the first one wanted.
 */

/** A topic's name: what a URL, an event stream and a publish line carry unescaped. */
export const TOPIC_PATTERN = /^[A-Za-z0-9_.-]{1,64}$/;

/** The largest message a server takes, in bytes of UTF-8. A larger one is refused at ingest. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** How a server is started; every field has a default in {@link DEFAULT_SERVER_OPTIONS}. */
export interface ServerOptions {
  readonly host: string;
  /** Port for subscribers; 0 lets the kernel choose. */
  readonly port: number;
  /** Port for `/healthz`, `/stats`, `/gc` and `/publish`; 0 lets the kernel choose. */
  readonly controlPort: number;
  /** Serve subscribers over TLS with a self-signed certificate made at start. */
  readonly tls: boolean;
  /** Messages a topic keeps for those who come back. */
  readonly historyMessages: number;
  /** Silence after which a held connection gets a heartbeat; 0 sends none. */
  readonly heartbeatMs: number;
  /** Unsent bytes at which a slow reader's connection is dropped. */
  readonly backpressureBytes: number;
  /** How long a topic's messages are held back, from the first one on, to be published together; 0 publishes each at once. */
  readonly batchMs: number;
  /** WebSocket only: messages go as binary frames, the same bytes; the hello stays text. */
  readonly binary: boolean;
  /** WebSocket only: messages go compressed to who offers permessage-deflate (RFC 7692), each by itself, however short it is. */
  readonly compression: boolean;
  /** Subscribers may send, and what they send is published. */
  readonly echo: boolean;
  /** How finely the delay of the event loop is looked at. Each look wakes the process: of many on a machine all should look more rarely. */
  readonly loopDelayResolutionMs: number;
}

export const DEFAULT_SERVER_OPTIONS: ServerOptions = {
  host: "127.0.0.1",
  port: 0,
  controlPort: 0,
  tls: false,
  historyMessages: 1024,
  heartbeatMs: 15_000,
  backpressureBytes: 1024 * 1024,
  batchMs: 0,
  binary: false,
  compression: false,
  echo: false,
  loopDelayResolutionMs: 10,
};

/** The one line of JSON a server process prints on stdout once both ports listen. */
export interface ReadyLine {
  /** Version of this contract. */
  readonly pushbench: 1;
  readonly name: string;
  readonly transport: string;
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** A loopback address, whatever `host` is: nobody asks who publishes there. */
  readonly controlHost: string;
  readonly controlPort: number;
  readonly tls: boolean;
  /** PEM of the self-signed certificate, to be trusted by clients; present with TLS only. */
  readonly ca?: string;
  readonly library: LibraryVersion;
}

/** What a server stands on, as `list` and the report name it. */
export interface LibraryVersion {
  readonly name: string;
  readonly version: string;
}

/** Answer of `GET /stats`. Counts and times run from the start of the process; only `loopDelay` is since the previous call. */
export interface ServerStats {
  /** Subscribers held now; for polling and long polling, the connections that are open. */
  readonly connections: number;
  /** Subscriptions held now (a poller holds none, a long poll is one while it is held). */
  readonly subscriptions: number;
  /** Messages that reached their topics; what a batch still holds back did not. */
  readonly published: number;
  /** Messages handed to subscribers. */
  readonly delivered: number;
  /** Subscribers dropped because `backpressureBytes` were waiting for them. */
  readonly droppedForBackpressure: number;
  readonly heapUsedBytes: number;
  readonly externalBytes: number;
  /** Event-loop time since the start of the process, in ms. */
  readonly loopActiveMs: number;
  readonly loopIdleMs: number;
  /** Event-loop delay since the previous call, in ms. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly gcCount: number;
  readonly gcMs: number;
}

/**
 * The first thing a subscriber is told, as JSON: `event: hello` on an event stream, the first line of a stream of lines, the first text
 * frame on a WebSocket, and the envelope of every poll answer.
 */
export interface Hello {
  /** Sequence number of the first message this subscriber will get; a topic's first message is 1. */
  readonly next: number;
  /**
   * Messages after the subscriber's cursor that history no longer holds, 0 when nothing is missing; `null` when the cursor is not
   * from this server's history (it lies ahead of it), so that nobody can say.
   */
  readonly missed: number | null;
}

/** Answer of `GET /poll` and `GET /long-poll`: `next` is the sequence number after the last of `messages`, to be sent as `after=next-1`. */
export interface PollAnswer extends Hello {
  readonly messages: readonly string[];
}

/** Answer of `POST /publish` once its body has ended. */
export interface PublishAnswer {
  /** Lines that were taken, to be published at once or with their batch. */
  readonly published: number;
  /** Lines that were refused (bad topic, too long), with the first reason. */
  readonly refused: number;
  readonly reason?: string;
}

/** One line of the body of `POST /publish`: topic, TAB, payload, LF. The payload holds neither CR nor LF. */
export function publishLine(topic: string, payload: string): string {
  return `${topic}\t${payload}\n`;
}
