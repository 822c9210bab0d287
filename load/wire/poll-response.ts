/** Answers to polls as they follow one another on a connection: a body that came whole is read where it lies. */
import type { Hello } from "../../servers/contract.ts";
import { createGrowing } from "./growing.ts";
import { createResponseParser } from "./http1.ts";
import type { ResponseEvents, ResponseHead, ResponseParser } from "./http1.ts";
import { readPollAnswer } from "./poll-answer.ts";
import { ProtocolError } from "./protocol-error.ts";

/** An answer longer than this is refused: it has to be held whole, and holds no more than the server's backpressure bound, 1 MiB unless said. */
const LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

export interface PollEvents {
  /** A message; valid during the call only. */
  message(bytes: Uint8Array, start: number, end: number): void;
  /** All messages of an answer were handed on; where the next poll goes on. */
  answered(hello: Hello): void;
  /** Answered 204; where it is absent, that is an error. */
  nothing?(): void;
}

/** `path` names the request in errors. */
export function createPollResponseParser(path: string, events: PollEvents): ResponseParser {
  return createResponseParser(new PollResponses(path, events));
}

/** A class, as in `http1.ts`. */
class PollResponses implements ResponseEvents {
  readonly #path: string;
  readonly #events: PollEvents;
  /** A body that came in pieces. */
  readonly #pieces = createGrowing();
  #status = 0;
  #bodyLength = -1;
  #whole = false;

  constructor(path: string, events: PollEvents) {
    this.#path = path;
    this.#events = events;
  }

  head(head: ResponseHead): void {
    this.#status = head.status;
    if (head.status !== 200 && (head.status !== 204 || this.#events.nothing === undefined))
      throw new ProtocolError(`GET ${this.#path} was answered ${head.status}`, "http_status");
    this.#bodyLength = typeof head.framing === "number" ? head.framing : -1;
    this.#whole = false;
  }

  body(bytes: Buffer, start: number, end: number): void {
    const pieces = this.#pieces;
    this.#whole = pieces.length === 0 && end - start === this.#bodyLength;
    if (this.#whole) this.#answer(bytes, start, end);
    else pieces.append(bytes, start, end);
    if (pieces.length > LONGEST_ANSWER_BYTES)
      throw new ProtocolError(`answer to GET ${this.#path} longer than ${LONGEST_ANSWER_BYTES} bytes`);
  }

  end(): void {
    if (this.#status === 204) return this.#events.nothing!();
    if (this.#whole) return;
    this.#answer(this.#pieces.bytes, 0, this.#pieces.length);
    this.#pieces.clear();
  }

  #answer(bytes: Buffer, start: number, end: number): void {
    this.#events.answered(readPollAnswer(bytes, start, end, this.#events));
  }
}
