/** A subscriber of server-sent events that reads them with eventsource-parser, whatever HTTP carries them. */
import { createParser } from "eventsource-parser";
import { nowNs } from "../clock.ts";
import { eventsRequest } from "../held-request.ts";
import type { OpenHeldResponse } from "../held-response.ts";
import type { Transport } from "../transport.ts";
import { readHello } from "../wire/hello.ts";

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeParsedEvents(open: OpenHeldResponse): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { foreign } = subscription;
    const decoder = new TextDecoder();
    let opened = false;
    const parser = createParser({
      onEvent({ event, data }) {
        // Users see a message when the parser hands it over.
        reads.receivedNs = nowNs();
        const bytes = Buffer.from(data);
        if (event === undefined || event === "message" || foreign !== undefined) {
          events.payload(bytes, 0, bytes.length);
        } else if (event === "hello" && !opened) {
          opened = true;
          events.opened(readHello(bytes, 0, bytes.length), response.openTimes());
        }
      },
    });
    const body = (bytes: Buffer, start: number, end: number): void =>
      parser.feed(decoder.decode(bytes.subarray(start, end), { stream: true }));
    const answered = (): void => {
      if (foreign !== undefined) events.opened(undefined, response.openTimes());
    };
    const response = open(eventsRequest(subscription), { answered, body, failed: events.failed }, reads);
    return response;
  };
}
