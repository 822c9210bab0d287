/** Answers to polls as they follow one another on a connection: a body that came whole is read where it lies. */
import type { Hello } from "../../servers/contract.ts";
import { createGrowing } from "./growing.ts";
import { createResponseParser } from "./http1.ts";
import type { ResponseParser } from "./http1.ts";
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
  /** A body that came in pieces. */
  const pieces = createGrowing();
  let status = 0;
  let bodyLength = -1;
  let whole = false;

  function answer(bytes: Buffer, start: number, end: number): void {
    events.answered(readPollAnswer(bytes, start, end, events.message));
  }

  return createResponseParser({
    head(head) {
      status = head.status;
      if (status !== 200 && (status !== 204 || events.nothing === undefined))
        throw new ProtocolError(`GET ${path} was answered ${status}`, "http_status");
      bodyLength = typeof head.framing === "number" ? head.framing : -1;
      whole = false;
    },
    body(bytes, start, end) {
      whole = pieces.length === 0 && end - start === bodyLength;
      if (whole) answer(bytes, start, end);
      else pieces.append(bytes, start, end);
      if (pieces.length > LONGEST_ANSWER_BYTES) throw new ProtocolError(`answer to GET ${path} longer than ${LONGEST_ANSWER_BYTES} bytes`);
    },
    end() {
      if (status === 204) return events.nothing!();
      if (whole) return;
      answer(pieces.bytes, 0, pieces.length);
      pieces.clear();
    },
  });
}
