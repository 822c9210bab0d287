/** HTTP streaming over HTTP/2 on undici. */
import { subscribeLines } from "../../client/line-subscriber.ts";
import { openHeldStream } from "../../client/held-stream.ts";
import { createLineSplitter } from "../../reference/line-splitter.ts";
import { openUndiciSession } from "../../reference/undici-session.ts";
import { createSessionPool } from "../../client/session-pool.ts";
import type { Transport } from "../../transport.ts";

export const transport: Transport = {
  name: "http-stream-http2",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeLines(openHeldStream(createSessionPool(openUndiciSession)), createLineSplitter),
};
