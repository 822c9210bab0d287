/** What a subscriber sends over HTTP/1.1: each message a POST, one behind the other on a connection kept for them. */
import { openSocket, where } from "./socket.ts";
import type { LeanSocket } from "./socket.ts";
import { failingElsewhere } from "../transport.ts";
import type { Connection, ConnectionError, Reads, Subscription, Transport, Upward } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

/** A connection that was open for so long and is closed between two messages was idle, and is opened again. */
const IDLE_AFTER_MS = 1000;

/** Path and query that a subscriber of a topic sends to. */
export function sendPath(topic: string): string {
  return `/send?topic=${topic}`;
}

/** Throws a {@link ProtocolError} where a message was not published. */
export function checkPosted(status: number | undefined): void {
  if (status !== 204) throw new ProtocolError(`POST /send was answered ${status}`, "http_status");
}

/** `subscribe` of a transport that only receives; who sends as well has a connection for that, open before the subscriber is. */
export function postingBeside(subscribe: Transport["subscribe"]): Transport["subscribe"] {
  return (subscription, events, reads) => {
    if (subscription.sends !== true) return subscribe(subscription, events, reads);
    let receiving: Connection | undefined;
    const close = (): void => {
      posts.close();
      receiving?.close();
    };
    const failed = (error: ConnectionError): void => {
      close();
      events.failed(error);
    };
    const posts = openPosts(
      subscription,
      {
        connected: () => (receiving = subscribe(subscription, failingElsewhere(events, failed), reads)),
        failed,
      },
      reads,
    );
    return { up: posts.up, close };
  };
}

interface PostEvents {
  /** For the first time. */
  connected(): void;
  failed(error: ConnectionError): void;
}

function openPosts({ address, topic }: Subscription, events: PostEvents, reads: Reads): Connection & { readonly up: Upward } {
  const head = `POST ${sendPath(topic)} HTTP/1.1\r\nHost: ${where(address)}\r\nContent-Length: `;
  let socket: LeanSocket;
  let connectedAt = Infinity;
  let isFirst = true;
  let unanswered = 0;

  function open(): void {
    connectedAt = Infinity;
    const response = createResponseParser({
      head: ({ status }) => checkPosted(status),
      body() {},
      end() {
        if (--unanswered < 0) throw new ProtocolError("an answer to no POST /send");
      },
    });
    socket = openSocket(address, reads, {
      connected() {
        connectedAt = performance.now();
        if (isFirst) events.connected();
        isFirst = false;
      },
      read: (bytes, end) => response.feed(bytes, 0, end),
      failed(error) {
        const wasIdle = unanswered === 0 && performance.now() - connectedAt > IDLE_AFTER_MS;
        if (error.kind === "closed" && wasIdle) open();
        else events.failed(error);
      },
    });
  }

  open();
  return {
    up: {
      send(message) {
        unanswered++;
        reads.traffic.requests++;
        socket.write(Buffer.concat([Buffer.from(`${head}${message.length}\r\n\r\n`, "latin1"), message]));
      },
      unsentBytes: () => socket.unsentBytes(),
    },
    close: () => socket.close(),
  };
}
