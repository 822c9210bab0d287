/** HTTP streaming over HTTP/1.1: one request whose answer never ends. */
import { openHeldResponse } from "../client/held-response.ts";
import { subscribeLines } from "../client/line-subscriber.ts";
import { postingBeside } from "../client/posts.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "http-stream",
  capabilities: { polls: false, asksAgain: false },
  subscribe: postingBeside(subscribeLines(openHeldResponse)),
};
