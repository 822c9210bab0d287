/** Long polling over HTTP/1.1: on a kept connection, the next request right behind each answer. */
import { openPolls } from "../client/poll-connection.ts";
import { subscribeLongPolls } from "../client/poll-subscriber.ts";
import { postingBeside } from "../client/posts.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "long-polling",
  // A message finds a request that waits for it: no interval stands in its latency.
  capabilities: { polls: false, asksAgain: true },
  subscribe: postingBeside(subscribeLongPolls(openPolls)),
};
