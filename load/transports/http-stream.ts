/** HTTP streaming over HTTP/1.1: one request whose answer never ends, the hello in its first line, then a line a message. */
import { openHeldResponse } from "../held-response.ts";
import type { Transport } from "../transport.ts";
import { readHello } from "../wire/hello.ts";
import { createLineStreamParser } from "../wire/line-stream.ts";

const CR = 13;

export const transport: Transport = {
  name: "http-stream",
  capabilities: { polls: false },

  subscribe({ address, topic }, events, reads) {
    let opened = false;
    const lines = createLineStreamParser((bytes, start, end) => {
      // A heartbeat.
      if (end - start === 1 && bytes[start] === CR) return;
      if (opened) {
        events.payload(bytes, start, end);
        return;
      }
      opened = true;
      events.opened(readHello(bytes, start, end), response.openTimes());
    });
    const asked = { address, path: "/stream", query: `topic=${topic}`, contentType: "text/plain" };
    const response = openHeldResponse(asked, { body: lines.feed, failed: events.failed }, reads);
    return response;
  },
};
