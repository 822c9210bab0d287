/** Polling over HTTP/1.1: a request every interval, on a kept connection or a new one each time, answered at once with what is new. */
import { openPolls } from "../client/poll-connection.ts";
import { subscribePolls } from "../client/poll-subscriber.ts";
import { postingBeside } from "../client/posts.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "polling",
  capabilities: { polls: true, asksAgain: false },
  subscribe: postingBeside(subscribePolls(openPolls)),
};
