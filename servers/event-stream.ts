/** `text/event-stream` as a server writes it (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { Hello } from "./contract.ts";
import type { StreamFormat } from "./held-streams.ts";
import type { Message } from "./history.ts";
import { readSequence, type SubscribeRequest } from "./subscribe-request.ts";

const RETRY_MS = 1000;

/** Events with the sequence number as their id, comments as heartbeat. */
export const eventStream: StreamFormat = {
  contentType: "text/event-stream",
  hello: encodeHello,
  message: encodeMessage,
  heartbeat: ":\n\n",
};

/** The request as `Last-Event-ID` corrects it: who reconnects repeats its first URL. */
export function resumed(asked: SubscribeRequest, header: string | string[] | undefined): SubscribeRequest {
  if (typeof header !== "string" || header === "") return asked;
  // An id that is no sequence number is another server's: ahead of anything this one has.
  return { topic: asked.topic, after: readSequence(header) ?? Infinity };
}

function encodeHello(hello: Hello): string {
  return `retry: ${RETRY_MS}\nid: ${hello.next - 1}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`;
}

/** A CR ends a line of an event stream, so the payload goes on in another data line; the browser joins them with LF. */
function encodeMessage({ sequence, payload }: Message): Buffer {
  const data = payload.includes("\r") ? payload.replaceAll("\r", "\ndata: ") : payload;
  return Buffer.from(`id: ${sequence}\ndata: ${data}\n\n`);
}
