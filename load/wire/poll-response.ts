/** Answers to polls as they follow one another on a connection: a body that came whole is read where it lies. */
import type { Hello } from "../../servers/contract.ts";
import { createGrowing } from "./growing.ts";
import { createResponseParser } from "./http1.ts";
import type { ResponseParser } from "./http1.ts";
import { readPollAnswer } from "./poll-answer.ts";
import { ProtocolError } from "./protocol-error.ts";

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
      bodyLength = Number(head.headers.get("content-length") ?? -1);
      whole = false;
    },
    body(bytes, start, end) {
      whole = pieces.length === 0 && end - start === bodyLength;
      if (whole) answer(bytes, start, end);
      else pieces.append(bytes, start, end);
    },
    end() {
      if (status === 204) return events.nothing!();
      if (whole) return;
      answer(pieces.bytes, 0, pieces.length);
      pieces.clear();
    },
  });
}
