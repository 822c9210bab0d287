/** A subscriber of server-sent events, whatever HTTP carries them. */
import { eventsRequest } from "./held-request.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import { HeldSubscriber } from "./held-subscriber.ts";
import type { Reads, SubscriberEvents, Subscription, Transport } from "../transport.ts";
import { createEventStreamParser } from "../wire/event-stream.ts";
import type { EventSink, EventStreamParser } from "../wire/event-stream.ts";

/** Reads events, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateEventParser = (sink: EventSink, reads: Reads) => EventStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeEvents(open: OpenHeldResponse, createParser: CreateEventParser = createEventStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => new EventSubscriber(open, createParser, subscription, events, reads);
}

class EventSubscriber extends HeldSubscriber implements EventSink {
  constructor(open: OpenHeldResponse, createParser: CreateEventParser, subscription: Subscription, events: SubscriberEvents, reads: Reads) {
    super(subscription, events);
    this.listen(createParser(this, reads), open(eventsRequest(subscription), this, reads));
  }

  event(type: string, bytes: Buffer, start: number, end: number): void {
    if (type === "message" || this.foreign) this.payload(bytes, start, end);
    else if (type === "hello" && !this.opened) this.hello(bytes, start, end);
  }
}
