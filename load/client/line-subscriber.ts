/** A subscriber of HTTP streaming, whatever HTTP carries it: the hello in the first line, then a line a message. */
import { linesRequest } from "./held-request.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import { HeldSubscriber } from "./held-subscriber.ts";
import type { Reads, SubscriberEvents, Subscription, Transport } from "../transport.ts";
import { createLineStreamParser } from "../wire/line-stream.ts";
import type { LineSink, LineStreamParser } from "../wire/line-stream.ts";

const CR = 13;

/** Reads lines, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateLineParser = (sink: LineSink, reads: Reads) => LineStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeLines(open: OpenHeldResponse, createParser: CreateLineParser = createLineStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => new LineSubscriber(open, createParser, subscription, events, reads);
}

class LineSubscriber extends HeldSubscriber implements LineSink {
  constructor(open: OpenHeldResponse, createParser: CreateLineParser, subscription: Subscription, events: SubscriberEvents, reads: Reads) {
    super(subscription, events);
    this.listen(createParser(this, reads), open(linesRequest(subscription), this, reads));
  }

  line(bytes: Buffer, start: number, end: number): void {
    // A heartbeat.
    if (end - start === 1 && bytes[start] === CR) return;
    if (this.opened || this.foreign) this.payload(bytes, start, end);
    else this.hello(bytes, start, end);
  }
}
