/** A request over HTTP/1.1 whose answer does not end: asked, checked, timed, and its body fed on as it comes. */
import { withoutQuery } from "./held-request.ts";
import type { HeldRequest } from "./held-request.ts";
import { createOpening } from "./opening.ts";
import { openSocket, where } from "./socket.ts";
import type { Connection, ConnectionError, OpenTimes, Reads } from "../transport.ts";
import { createResponseParser, headerLines } from "../wire/http1.ts";
import { ProtocolError } from "../wire/protocol-error.ts";

export interface HeldResponseEvents {
  /** The answer's head is the one that was asked for. */
  answered(): void;
  /** A piece of the body, borders anywhere; valid during the call only. A {@link ProtocolError} fails the connection. */
  body(bytes: Buffer, start: number, end: number): void;
  failed(error: ConnectionError): void;
}

export interface HeldResponse extends Connection {
  /** How long opening took, when this is the read that carries the hello or, where there is none, the answer's head. */
  openTimes(): OpenTimes;
}

/** Sends the request and tells of its answer, whatever HTTP carries both. */
export type OpenHeldResponse = (request: HeldRequest, events: HeldResponseEvents, reads: Reads) => HeldResponse;

/** Opens a connection of its own for the request. */
export const openHeldResponse: OpenHeldResponse = (request, events, reads) => {
  const { address, path, headers } = request;
  const opening = createOpening();

  const response = createResponseParser({
    head(head) {
      checkAnswer(request, head.status, head.headers.get("content-type"));
      events.answered();
    },
    body: events.body,
    end() {
      throw new ProtocolError(`the answer to GET ${withoutQuery(path)} was ended`, "closed");
    },
  });
  const socket = openSocket(address, reads, {
    connected(times) {
      opening.asked(times);
      reads.traffic.requests++;
      socket.write(`GET ${path} HTTP/1.1\r\n${headerLines({ host: where(address), ...headers })}\r\n`);
    },
    read: (bytes, end) => response.feed(bytes, 0, end),
    failed: events.failed,
  });
  return {
    openTimes: opening.times,
    close: socket.close,
  };
};

/** Throws a {@link ProtocolError} where the answer's head is not that of what was asked for. */
export function checkAnswer({ path, contentType }: HeldRequest, status: number | undefined, type: string | undefined): void {
  const asked = `GET ${withoutQuery(path)}`;
  if (status !== 200) throw new ProtocolError(`${asked} was answered ${status}`, "http_status");
  if (contentType !== undefined && !type?.startsWith(contentType))
    throw new ProtocolError(`${asked} was answered with content-type ${type ?? "none"} where ${contentType} was due`);
}
