/** HTTP streaming over HTTP/2: a stream that never ends, many to a connection. */
import { openHeldStream } from "../client/held-stream.ts";
import { subscribeLines } from "../client/line-subscriber.ts";
import { createSessionPool } from "../client/session-pool.ts";
import { openSession } from "../client/session.ts";
import type { Transport } from "../transport.ts";

export const transport: Transport = {
  name: "http-stream-http2",
  capabilities: { polls: false, asksAgain: false },
  subscribe: subscribeLines(openHeldStream(createSessionPool(openSession))),
};
