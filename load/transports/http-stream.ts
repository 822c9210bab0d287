/** HTTP streaming over HTTP/1.1: one request whose answer never ends. */
import { openHeldResponse } from "../held-response.ts";
import { subscribeLines } from "../line-subscriber.ts";
import { postingBeside } from "../posts.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "http-stream",
  capabilities: { polls: false },
  subscribe: postingBeside(subscribeLines(openHeldResponse)),
};
