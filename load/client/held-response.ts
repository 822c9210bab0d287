/** A request over HTTP/1.1 whose answer does not end: asked, checked, timed, and its body fed on as it comes. */
import { withoutQuery } from "./held-request.ts";
import type { HeldRequest } from "./held-request.ts";
import { createOpening } from "./opening.ts";
import { openSocket, where } from "./socket.ts";
import type { LeanSocket, SocketEvents } from "./socket.ts";
import type { Connection, ConnectionError, OpenTimes, Reads } from "../transport.ts";
import { createResponseParser, headerLines } from "../wire/http1.ts";
import type { ResponseEvents, ResponseHead, ResponseParser } from "../wire/http1.ts";
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
export const openHeldResponse: OpenHeldResponse = (request, events, reads) => new Held(request, events, reads);

/** A class, as in `wire/http1.ts`. */
class Held implements HeldResponse, SocketEvents, ResponseEvents {
  readonly #request: HeldRequest;
  readonly #events: HeldResponseEvents;
  readonly #reads: Reads;
  readonly #opening = createOpening();
  readonly #response: ResponseParser;
  readonly #socket: LeanSocket;

  constructor(request: HeldRequest, events: HeldResponseEvents, reads: Reads) {
    this.#request = request;
    this.#events = events;
    this.#reads = reads;
    this.#response = createResponseParser(this);
    this.#socket = openSocket(request.address, reads, this);
  }

  openTimes(): OpenTimes {
    return this.#opening.times();
  }

  close(): void {
    this.#socket.close();
  }

  connected(times: Omit<OpenTimes, "upgradeMs">): void {
    const { address, path, headers } = this.#request;
    this.#opening.asked(times);
    this.#reads.traffic.requests++;
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${headerLines({ host: where(address), ...headers })}\r\n`);
  }

  read(bytes: Buffer, end: number): void {
    this.#response.feed(bytes, 0, end);
  }

  failed(error: ConnectionError): void {
    this.#events.failed(error);
  }

  head({ status, headers }: ResponseHead): void {
    checkAnswer(this.#request, status, headers.get("content-type"));
    this.#events.answered();
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#events.body(bytes, start, end);
  }

  end(): void {
    throw new ProtocolError(`the answer to GET ${withoutQuery(this.#request.path)} was ended`, "closed");
  }
}

/** Throws a {@link ProtocolError} where the answer's head is not that of what was asked for. */
export function checkAnswer({ path, contentType }: HeldRequest, status: number | undefined, type: string | undefined): void {
  const asked = `GET ${withoutQuery(path)}`;
  if (status !== 200) throw new ProtocolError(`${asked} was answered ${status}`, "http_status");
  if (contentType !== undefined && !type?.startsWith(contentType))
    throw new ProtocolError(`${asked} was answered with content-type ${type ?? "none"} where ${contentType} was due`);
}
