/** Server-sent events over HTTP/1.1: one request whose answer never ends. */
import { openHeldResponse } from "../held-response.ts";
import type { Transport } from "../transport.ts";
import { createEventStreamParser } from "../wire/event-stream.ts";
import { readHello } from "../wire/hello.ts";

export const transport: Transport = {
  name: "sse",
  capabilities: { polls: false },

  subscribe({ address, topic }, events, reads) {
    let opened = false;
    const stream = createEventStreamParser((type, bytes, start, end) => {
      if (type === "message") {
        events.payload(bytes, start, end);
      } else if (type === "hello" && !opened) {
        opened = true;
        events.opened(readHello(bytes, start, end), response.openTimes());
      }
    });
    const asked = { address, path: "/events", query: `topic=${topic}`, contentType: "text/event-stream" };
    const response = openHeldResponse(asked, { body: stream.feed, failed: events.failed }, reads);
    return response;
  },
};
