/** What a subscriber asks for when the answer is not to end: of a server that speaks the contract, or of a foreign one. */
import { sendPath } from "./posts.ts";
import type { Address, Subscription } from "../transport.ts";

export interface HeldRequest {
  readonly address: Address;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The only one taken; its parameters are the server's affair. Absent: any. */
  readonly contentType?: string;
  /** HTTP/2 only: the most streams to put on one connection. */
  readonly streams: number;
  /** HTTP/2 only: path and query that messages are sent to on the same connection; absent where none are. */
  readonly sendPath?: string;
}

type Asking = Pick<Subscription, "address" | "streams" | "topic" | "after" | "sends" | "foreign">;

/** Asks for server-sent events. */
export function eventsRequest({ address, streams, topic, after, sends, foreign }: Asking): HeldRequest {
  const contentType = "text/event-stream";
  const path = foreign?.path ?? `/events?topic=${topic}`;
  return {
    address,
    streams,
    path,
    headers: { accept: contentType, ...lastEventId(after), ...foreign?.headers },
    contentType,
    ...sending(topic, sends),
  };
}

/** Asks for a stream of lines. A foreign server may call it text, JSON, or as it likes. */
export function linesRequest({ address, streams, topic, after, sends, foreign }: Asking): HeldRequest {
  if (foreign !== undefined) return { address, streams, path: foreign.path, headers: { accept: "*/*", ...foreign.headers } };
  const contentType = "text/plain";
  return {
    address,
    streams,
    path: `/stream?topic=${topic}${from(after)}`,
    headers: { accept: contentType },
    contentType,
    ...sending(topic, sends),
  };
}

/** Where a WebSocket is asked for. */
export function webSocketPath({ topic, after, foreign }: Pick<Subscription, "topic" | "after" | "foreign">): string {
  return foreign?.path ?? `/ws?topic=${topic}${from(after)}`;
}

function lastEventId(after: number | undefined): HeldRequest["headers"] {
  return after === undefined ? {} : { "last-event-id": String(after) };
}

/** The first message wanted, as streams and WebSocket ask for it. */
function from(after: number | undefined): string {
  return after === undefined ? "" : `&from=${after + 1}`;
}

function sending(topic: string, sends = false): Pick<HeldRequest, "sendPath"> {
  return sends ? { sendPath: sendPath(topic) } : {};
}

/** A path as messages show it: what follows may be long, or secret. */
export function withoutQuery(path: string): string {
  return path.split("?", 1)[0]!;
}
