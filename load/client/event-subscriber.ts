/** A subscriber of server-sent events, whatever HTTP carries them. */
import { eventsRequest } from "./held-request.ts";
import type { HeldResponse, HeldResponseEvents, OpenHeldResponse } from "./held-response.ts";
import type { Connection, ConnectionError, Reads, SubscriberEvents, Subscription, Transport, Upward } from "../transport.ts";
import { createEventStreamParser } from "../wire/event-stream.ts";
import type { EventSink, EventStreamParser } from "../wire/event-stream.ts";
import { readHello } from "../wire/hello.ts";

/** Reads events, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateEventParser = (sink: EventSink, reads: Reads) => EventStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeEvents(open: OpenHeldResponse, createParser: CreateEventParser = createEventStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => new EventSubscriber(open, createParser, subscription, events, reads);
}

class EventSubscriber implements Connection, HeldResponseEvents, EventSink {
  readonly #events: SubscriberEvents;
  readonly #foreign: boolean;
  readonly #parser: EventStreamParser;
  readonly #response: HeldResponse;
  #opened = false;

  constructor(open: OpenHeldResponse, createParser: CreateEventParser, subscription: Subscription, events: SubscriberEvents, reads: Reads) {
    this.#events = events;
    this.#foreign = subscription.foreign !== undefined;
    this.#parser = createParser(this, reads);
    this.#response = open(eventsRequest(subscription), this, reads);
  }

  get up(): Upward | undefined {
    return this.#response.up;
  }

  close(): void {
    this.#response.close();
  }

  answered(): void {
    if (this.#foreign) this.#events.opened(undefined, this.#response.openTimes());
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#parser.feed(bytes, start, end);
  }

  failed(error: ConnectionError): void {
    this.#events.failed(error);
  }

  event(type: string, bytes: Buffer, start: number, end: number): void {
    if (type === "message" || this.#foreign) {
      this.#events.payload(bytes, start, end);
    } else if (type === "hello" && !this.#opened) {
      this.#opened = true;
      this.#events.opened(readHello(bytes, start, end), this.#response.openTimes());
    }
  }
}
