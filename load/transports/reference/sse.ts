/** Server-sent events over HTTP/1.1 on undici and eventsource-parser. */
import { subscribeEvents } from "../../client/event-subscriber.ts";
import { createLibraryEventParser } from "../../reference/event-parser.ts";
import { openUndiciResponse } from "../../reference/undici-response.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "sse",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeEvents(openUndiciResponse, createLibraryEventParser),
};
