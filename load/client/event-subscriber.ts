/** A subscriber of server-sent events, whatever HTTP carries them. */
import { eventsRequest } from "./held-request.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import type { Reads, Transport } from "../transport.ts";
import { createEventStreamParser } from "../wire/event-stream.ts";
import type { EventStreamParser, OnEvent } from "../wire/event-stream.ts";
import { readHello } from "../wire/hello.ts";

/** Reads events, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateEventParser = (event: OnEvent, reads: Reads) => EventStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeEvents(open: OpenHeldResponse, createParser: CreateEventParser = createEventStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { foreign } = subscription;
    let opened = false;
    const onEvent: OnEvent = (type, bytes, start, end) => {
      if (type === "message" || foreign !== undefined) {
        events.payload(bytes, start, end);
      } else if (type === "hello" && !opened) {
        opened = true;
        events.opened(readHello(bytes, start, end), response.openTimes());
      }
    };
    const stream = createParser(onEvent, reads);
    const response = open(
      eventsRequest(subscription),
      {
        answered() {
          if (foreign !== undefined) events.opened(undefined, response.openTimes());
        },
        body: stream.feed,
        failed: events.failed,
      },
      reads,
    );
    return response;
  };
}
