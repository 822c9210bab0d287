/** A subscriber of HTTP streaming, whatever HTTP carries it: the hello in the first line, then a line a message. */
import { linesRequest } from "./held-request.ts";
import type { OpenHeldResponse } from "./held-response.ts";
import type { Reads, Transport } from "../transport.ts";
import { readHello } from "../wire/hello.ts";
import { createLineStreamParser } from "../wire/line-stream.ts";
import type { LineStreamParser, OnLine } from "../wire/line-stream.ts";

const CR = 13;

/** Reads lines, and hands each on; `reads` is for one that hands over later than the bytes were read. */
export type CreateLineParser = (line: OnLine, reads: Reads) => LineStreamParser;

/** `subscribe` of a transport whose answers are opened so. */
export function subscribeLines(open: OpenHeldResponse, createParser: CreateLineParser = createLineStreamParser): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { foreign } = subscription;
    let opened = false;
    const onLine: OnLine = (bytes, start, end) => {
      // A heartbeat.
      if (end - start === 1 && bytes[start] === CR) return;
      if (opened || foreign !== undefined) {
        events.payload(bytes, start, end);
        return;
      }
      opened = true;
      events.opened(readHello(bytes, start, end), response.openTimes());
    };
    const lines = createParser(onLine, reads);
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
