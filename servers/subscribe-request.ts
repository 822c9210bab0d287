/** What a subscriber asks for in its URL: a topic, and where to go on from. */
import type { IncomingMessage } from "node:http";
import { TOPIC_PATTERN } from "./contract.ts";
import { splitUrl, type Refusal } from "./http-server.ts";

export interface SubscribeRequest {
  readonly topic: string;
  /** The last sequence number already held; absent: from now on. */
  readonly after: number | undefined;
}

/** How a transport spells its request: `after` is the last message held, `from` the first one wanted. */
export interface SubscribeSyntax {
  readonly path: string;
  readonly cursor: "after" | "from";
  /** GET unless said. */
  readonly method?: "GET" | "CONNECT";
}

/** What of a request is looked at, under whichever HTTP it came. */
export type RequestHead = Pick<IncomingMessage, "method" | "url" | "headers">;

const BODY_MAX_BYTES = 1024;

/** Reads the request, or says why it is refused. */
export function readSubscribeRequest(request: RequestHead, { path, cursor, method = "GET" }: SubscribeSyntax): SubscribeRequest | Refusal {
  const url = splitUrl(request);
  if (url.path !== path)
    return {
      status: 404,
      message: `unknown path ${quoted(url.path)}: this server answers ${method} ${path}?topic=T`,
    };
  if (request.method !== method) {
    return {
      status: 405,
      message: `method ${request.method ?? ""} on ${path}: expected ${method}`,
      headers: { allow: method },
    };
  }
  const { "content-length": bodyBytes = "0", "transfer-encoding": chunked } = request.headers;
  if (chunked !== undefined || Number(bodyBytes) > BODY_MAX_BYTES) {
    return {
      status: 413,
      message: `a body of ${chunked ?? `${bodyBytes} bytes`} on ${method} ${path}: expected none`,
    };
  }

  const query = new URLSearchParams(url.query);
  const topic = readTopic(query, path);
  if (typeof topic !== "string") return topic;
  const text = query.get(cursor);
  if (text === null) return { topic, after: undefined };
  const least = cursor === "from" ? 1 : 0;
  const value = readSequence(text);
  if (value === undefined || value < least) {
    return {
      status: 400,
      message: `bad ${cursor} ${quoted(text)}: expected a whole number from ${least} on`,
    };
  }
  return { topic, after: value - least };
}

/** The topic that a query names, or why it is refused; `path` is where it was asked for. */
export function readTopic(query: URLSearchParams, path: string): string | Refusal {
  const topic = query.get("topic");
  if (topic === null) return { status: 400, message: `no topic: expected ${path}?topic=T` };
  if (TOPIC_PATTERN.test(topic)) return topic;
  return { status: 400, message: `ill-formed topic ${quoted(topic)}: expected 1 to 64 of A-Z a-z 0-9 _ . -` };
}

/** A sequence number as it stands in a URL or in `Last-Event-ID`. */
export function readSequence(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What a stranger sent, short enough for a message. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
