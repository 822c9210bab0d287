/** Server-sent events over HTTP/2 on undici and eventsource-parser. */
import { subscribeEvents } from "../../client/event-subscriber.ts";
import { openHeldStream } from "../../client/held-stream.ts";
import { createLibraryEventParser } from "../../reference/event-parser.ts";
import { openUndiciSession } from "../../reference/undici-session.ts";
import { createSessionPool } from "../../client/session-pool.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "sse-http2",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeEvents(openHeldStream(createSessionPool(openUndiciSession)), createLibraryEventParser),
};
