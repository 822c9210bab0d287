/** Server-sent events over HTTP/1.1: one request whose answer never ends. */
import { subscribeEvents } from "../client/event-subscriber.ts";
import { openHeldResponse } from "../client/held-response.ts";
import { postingBeside } from "../client/posts.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "sse",
  capabilities: { polls: false, asksAgain: false },
  subscribe: postingBeside(subscribeEvents(openHeldResponse)),
};
