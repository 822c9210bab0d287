/** Long polling over HTTP/1.1 on undici. */
import { subscribeLongPolls } from "../../client/poll-subscriber.ts";
import { openUndiciPolls } from "../../reference/undici-polls.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "long-polling",
  capabilities: { polls: false, asksAgain: true },
  subscribe: subscribeLongPolls(openUndiciPolls),
};
