/** A subscriber of server-sent events, whatever HTTP carries them. */
import type { OpenHeldResponse } from "./held-response.ts";
import type { Transport } from "./transport.ts";
import { createEventStreamParser } from "./wire/event-stream.ts";
import { readHello } from "./wire/hello.ts";

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeEvents(open: OpenHeldResponse): Transport["subscribe"] {
  return ({ address, streams, topic }, events, reads) => {
    let opened = false;
    const stream = createEventStreamParser((type, bytes, start, end) => {
      if (type === "message") {
        events.payload(bytes, start, end);
      } else if (type === "hello" && !opened) {
        opened = true;
        events.opened(readHello(bytes, start, end), response.openTimes());
      }
    });
    const asked = { address, streams, path: "/events", query: `topic=${topic}`, contentType: "text/event-stream" };
    const response = open(asked, { body: stream.feed, failed: events.failed }, reads);
    return response;
  };
}
