/** A request over HTTP/1.1 whose answer does not end: asked, checked, timed, and its body fed on as it comes. */
import { openSocket, where } from "./socket.ts";
import type { Address, Connection, ConnectionError, OpenTimes, Reads } from "./transport.ts";
import { createResponseParser } from "./wire/http1.ts";
import { ProtocolError } from "./wire/protocol-error.ts";

export interface HeldRequest {
  readonly address: Address;
  readonly path: string;
  readonly query: string;
  /** Asked for, and the only one taken; its parameters are the server's affair. */
  readonly contentType: string;
  /** HTTP/2 only: the most streams to put on one connection. */
  readonly streams: number;
}

export interface HeldResponseEvents {
  /** A piece of the body, borders anywhere; valid during the call only. A {@link ProtocolError} fails the connection. */
  body(bytes: Buffer, start: number, end: number): void;
  failed(error: ConnectionError): void;
}

export interface HeldResponse extends Connection {
  /** How long opening took, when this is the read that carries the hello. */
  openTimes(): OpenTimes;
}

/** Sends the request and tells of its answer, whatever HTTP carries both. */
export type OpenHeldResponse = (request: HeldRequest, events: HeldResponseEvents, reads: Reads) => HeldResponse;

/** Opens a connection of its own for the request. */
export const openHeldResponse: OpenHeldResponse = (request, events, reads) => {
  const { address, path, query, contentType } = request;
  let opening: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
  let askedAt = 0;

  const response = createResponseParser({
    head: ({ status, headers }) => checkAnswer(request, status, headers.get("content-type")),
    body: events.body,
    end() {
      throw new ProtocolError(`the answer to GET ${path} was ended`, "closed");
    },
  });
  const socket = openSocket(address, reads, {
    connected(times) {
      opening = times;
      askedAt = performance.now();
      reads.traffic.requests++;
      socket.write(`GET ${path}?${query} HTTP/1.1\r\nHost: ${where(address)}\r\nAccept: ${contentType}\r\n\r\n`);
    },
    read: (bytes, end) => response.feed(bytes, 0, end),
    failed: events.failed,
  });
  return {
    openTimes: () => ({ ...opening, upgradeMs: performance.now() - askedAt }),
    close: socket.close,
  };
};

/** Throws a {@link ProtocolError} where the answer's head is not that of what was asked for. */
export function checkAnswer({ path, contentType }: HeldRequest, status: number | undefined, type: string | undefined): void {
  if (status !== 200) throw new ProtocolError(`GET ${path} was answered ${status}`, "http_status");
  if (!type?.startsWith(contentType)) throw new ProtocolError(`GET ${path} was answered with content-type ${type ?? "none"}`);
}
