/** A subscriber of HTTP streaming, whatever HTTP carries it: the hello in the first line, then a line a message. */
import { linesRequest } from "./held-request.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import type { Transport } from "./transport.ts";
import { readHello } from "./wire/hello.ts";
import { createLineStreamParser } from "./wire/line-stream.ts";

const CR = 13;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeLines(open: OpenHeldResponse): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { foreign } = subscription;
    let opened = false;
    const lines = createLineStreamParser((bytes, start, end) => {
      // A heartbeat.
      if (end - start === 1 && bytes[start] === CR) return;
      if (opened || foreign !== undefined) {
        events.payload(bytes, start, end);
        return;
      }
      opened = true;
      events.opened(readHello(bytes, start, end), response.openTimes());
    });
    const response = open(
      linesRequest(subscription),
      {
        answered() {
          if (foreign !== undefined) events.opened(undefined, response.openTimes());
        },
        body: lines.feed,
        failed: events.failed,
      },
      reads,
    );
    return response;
  };
}
