/** A subscriber of HTTP streaming, whatever HTTP carries it: the hello in the first line, then a line a message. */
import { linesRequest } from "./held-request.ts";
import type { HeldResponse, HeldResponseEvents, OpenHeldResponse } from "./held-response.ts";
import type { Connection, ConnectionError, Reads, SubscriberEvents, Subscription, Transport, Upward } from "../transport.ts";
import { readHello } from "../wire/hello.ts";
import { createLineStreamParser } from "../wire/line-stream.ts";
import type { LineSink, LineStreamParser } from "../wire/line-stream.ts";

const CR = 13;

/** Reads lines, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateLineParser = (sink: LineSink, reads: Reads) => LineStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeLines(open: OpenHeldResponse, createParser: CreateLineParser = createLineStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => new LineSubscriber(open, createParser, subscription, events, reads);
}

class LineSubscriber implements Connection, HeldResponseEvents, LineSink {
  readonly #events: SubscriberEvents;
  readonly #foreign: boolean;
  readonly #parser: LineStreamParser;
  readonly #response: HeldResponse;
  #opened = false;

  constructor(open: OpenHeldResponse, createParser: CreateLineParser, subscription: Subscription, events: SubscriberEvents, reads: Reads) {
    this.#events = events;
    this.#foreign = subscription.foreign !== undefined;
    this.#parser = createParser(this, reads);
    this.#response = open(linesRequest(subscription), this, reads);
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

  line(bytes: Buffer, start: number, end: number): void {
    // A heartbeat.
    if (end - start === 1 && bytes[start] === CR) return;
    if (this.#opened || this.#foreign) {
      this.#events.payload(bytes, start, end);
      return;
    }
    this.#opened = true;
    this.#events.opened(readHello(bytes, start, end), this.#response.openTimes());
  }
}
