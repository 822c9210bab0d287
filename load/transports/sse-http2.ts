/** Server-sent events over HTTP/2: a stream that never ends, many to a connection. */
import { subscribeEvents } from "../client/event-subscriber.ts";
import { openHeldStream } from "../client/held-stream.ts";
import { createSessionPool } from "../client/session-pool.ts";
import { openSession } from "../client/session.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "sse-http2",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeEvents(openHeldStream(createSessionPool(openSession))),
};
