/** The wire formats whose cost is asked: the lean client of each, without its socket, and the bytes that a server sends it. */
import { subscribeEvents } from "../client/event-subscriber.ts";
import { subscribeFrames } from "../client/frame-subscriber.ts";
import type { OpenHeldResponse } from "../client/held-response.ts";
import { subscribeLines } from "../client/line-subscriber.ts";
import { subscribePolls } from "../client/poll-subscriber.ts";
import type { Reads, SubscriberEvents, Subscription, Transport } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import { createPollResponseParser } from "../wire/poll-response.ts";

/** Takes what one read brought. */
export type Feed = (bytes: Buffer, start: number, end: number) => void;

export interface WireFormat {
  readonly name: string;
  /** Messages that the server sends at once. */
  readonly batch: number;
  /** Whether a read may bring as many batches as fit; a poller has one answer outstanding. */
  readonly streams: boolean;
  /** Opens one subscriber; the returned function is what its socket would call. */
  open(events: SubscriberEvents, reads: Reads): Feed;
  /** All that comes before the first message, the hello included. */
  readonly greeting: Buffer;
  /** A batch of messages as the server sends it, the first with this sequence number. */
  carry(messages: readonly string[], sequence: number): Buffer;
}

const HELLO = JSON.stringify({ next: 1, missed: 0 });
const OPENED = { tcpMs: 0, upgradeMs: 0 };
const SUBSCRIPTION: Subscription = {
  address: { host: "127.0.0.1", port: 0 },
  topic: "hotpath",
  pollIntervalMs: 0,
  pollConnection: "keep-alive",
  pollPhase: 0,
  streams: 1,
  compression: false,
};

const webSocket: WireFormat = {
  name: "WebSocket",
  batch: 1,
  streams: true,
  open(events) {
    const frames = subscribeFrames(SUBSCRIPTION, events, { write() {}, unsentBytes: () => 0, openTimes: () => OPENED });
    const parser = createResponseParser({
      head: () => frames.accepted(undefined),
      body() {},
      end() {},
      upgraded: (bytes, start, end) => frames.feed(bytes, start, end),
    });
    return (bytes, start, end) => parser.feed(bytes, start, end);
  },
  greeting: Buffer.concat([Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r\n"), frame(HELLO)]),
  carry: (messages) => Buffer.concat(messages.map(frame)),
};

const eventStream: WireFormat = {
  name: "event stream",
  batch: 1,
  streams: true,
  open: (events, reads) => openHeld(subscribeEvents, events, reads),
  greeting: Buffer.concat([heldHead("text/event-stream"), chunk(`event: hello\ndata: ${HELLO}\n\n`)]),
  carry: (messages, sequence) => chunk(messages.map((message, i) => `id: ${sequence + i}\ndata: ${message}\n\n`).join("")),
};

const chunkedLines: WireFormat = {
  name: "chunked lines",
  batch: 1,
  streams: true,
  open: (events, reads) => openHeld(subscribeLines, events, reads),
  greeting: Buffer.concat([heldHead("text/plain; charset=utf-8"), chunk(`${HELLO}\n`)]),
  carry: (messages) => chunk(messages.map((message) => `${message}\n`).join("")),
};

function pollAnswers(batch: number): WireFormat {
  return {
    name: `poll answer of ${batch}`,
    batch,
    streams: false,
    open(events, reads) {
      let feed: Feed | undefined;
      const open = subscribePolls(({ path }, polls) => {
        const parser = createPollResponseParser(path, polls);
        feed = (bytes, start, end) => parser.feed(bytes, start, end);
        return { ask() {}, openTimes: () => OPENED, close() {} };
      });
      open(SUBSCRIPTION, events, reads);
      return feed!;
    },
    greeting: pollAnswer(1, []),
    carry: (messages, sequence) => pollAnswer(sequence + messages.length, messages),
  };
}

export const FORMATS: readonly WireFormat[] = [webSocket, eventStream, chunkedLines, pollAnswers(1), pollAnswers(10)];

/** Opens a subscriber of an answer that does not end, with its bytes at hand instead of a socket. */
function openHeld(subscribe: (open: OpenHeldResponse) => Transport["subscribe"], events: SubscriberEvents, reads: Reads): Feed {
  let feed: Feed | undefined;
  const open = subscribe((_request, held) => {
    const parser = createResponseParser({
      head: () => held.answered(),
      body: (bytes, start, end) => held.body(bytes, start, end),
      end() {},
    });
    feed = (bytes, start, end) => parser.feed(bytes, start, end);
    return { openTimes: () => OPENED, close() {} };
  });
  open(SUBSCRIPTION, events, reads);
  return feed!;
}

function heldHead(contentType: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nTransfer-Encoding: chunked\r\n\r\n`);
}

function chunk(body: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(body).toString(16)}
${body}
`);
}

/** A final text frame, as a server sends it (RFC 6455, 5.2). */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  return Buffer.concat([Buffer.from(length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 255]), payload]);
}

/** With the headers that node:http sends; each subscriber gets ten answers before the date is another. */
function pollAnswer(next: number, messages: readonly string[]): Buffer {
  const body = JSON.stringify({ next, missed: 0, messages });
  const date = new Date(Math.floor(next / Math.max(1, messages.length) / 10) * 1000).toUTCString();
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nDate: ${date}\r\n` +
      `Connection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
