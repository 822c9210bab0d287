/** The connection that polls follow one another on, or a new one each time. */
import { createOpening } from "./opening.ts";
import { openSocket, where } from "./socket.ts";
import type { LeanSocket } from "./socket.ts";
import type { Address, Connection, ConnectionError, OpenTimes, Reads, Subscription } from "../transport.ts";
import { createPollResponseParser } from "../wire/poll-response.ts";
import type { PollEvents } from "../wire/poll-response.ts";

export interface PollRequest {
  readonly address: Address;
  readonly path: string;
  readonly connection: Subscription["pollConnection"];
}

export interface PollConnectionEvents extends PollEvents {
  failed(error: ConnectionError): void;
}

export interface PollConnection extends Connection {
  /** One at a time, the next after the answer. */
  ask(query: string): void;
  /** How long opening took, when this is the read that carries the first answer. */
  openTimes(): OpenTimes;
}

/** Opens with the first poll. Of the lean client and of those on libraries. */
export type OpenPolls = (request: PollRequest, events: PollConnectionEvents, reads: Reads) => PollConnection;

/**
 * A server may close a kept connection whenever no answer is due, or just as it is asked: then the next poll goes out on a new one, or
 * the same poll once more, for a GET may be repeated of which no answer has begun (RFC 9110, 9.2.2). A close within an answer fails, and
 * so does one on a connection that has carried none.
 */
export const openPolls: OpenPolls = ({ address, path, connection }, events, reads) => {
  const perPoll = connection === "per-poll";
  const headers = `Host: ${where(address)}\r\n${perPoll ? "Connection: close\r\n" : ""}`;
  const opening = createOpening();
  let connections = 0;
  let socket: LeanSocket | undefined;
  /** The poll whose answer is due. */
  let asked: string | undefined;
  /** A part of the answer is here. */
  let answering = false;
  /** The connection has carried an answer. */
  let used = false;

  function connect(): void {
    used = false;
    if (connections++ > 0 && !perPoll) reads.traffic.reconnects++;
    const response = createPollResponseParser(path, {
      message: (bytes, start, end) => events.message(bytes, start, end),
      answered(hello) {
        settle();
        events.answered(hello);
      },
      ...(events.nothing === undefined ? {} : { nothing: () => (settle(), events.nothing!()) }),
    });
    socket = openSocket(address, reads, {
      connected(times) {
        opening.asked(times);
        send();
      },
      read(bytes, end) {
        answering = true;
        response.feed(bytes, 0, end);
      },
      failed(error) {
        socket = undefined;
        const cut = error.kind === "closed" || error.kind === "reset";
        if (cut && asked === undefined) return;
        if (cut && used && !answering) connect();
        else events.failed(error);
      },
    });
  }

  function send(): void {
    answering = false;
    reads.traffic.requests++;
    socket!.write(`GET ${path}?${asked!} HTTP/1.1\r\n${headers}\r\n`);
  }

  function settle(): void {
    asked = undefined;
    used = true;
    if (!perPoll) return;
    // Not left to the server, whose end could come after the next poll is out.
    socket?.close();
    socket = undefined;
  }

  return {
    ask(query) {
      asked = query;
      if (socket === undefined) connect();
      else send();
    },
    openTimes: () => opening.times(),
    close: () => socket?.close(),
  };
};
