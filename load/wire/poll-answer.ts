/** The answer to a poll: `{"next":N,"missed":M,"messages":["…"]}`, its messages handed on where they lie. */
import type { Hello } from "../../servers/contract.ts";
import { checkHello } from "./hello.ts";
import { literal, stands } from "./literal.ts";
import { ProtocolError } from "./protocol-error.ts";
import { findQuote } from "./scanning.ts";
import { viewOf } from "./views.ts";

const QUOTE = 34;
const ZERO = 48;
const COMMA = 44;
const CLOSE = 93;
const BRACE = 125;
const NEXT = literal('{"next":');
const MISSED = literal(',"missed":');
const MESSAGES = literal(',"messages":[');
/** More digits than these are no number that is read exactly. */
const MOST_DIGITS = 15;

export interface MessageSink {
  /** A message; valid during the call only. */
  message(bytes: Buffer, start: number, end: number): void;
}

/**
 * Reads a whole answer in `body[start, end)`: tells `sink` each message, then returns what the answer says of the cursor. One that is
 * written in any other way is left to `JSON.parse`, and so is what follows from the first message on that has an escape; an envelope has
 * none. Throws {@link ProtocolError}.
 */
export function readPollAnswer(body: Buffer, start: number, end: number, sink: MessageSink): Hello {
  const last = end - 2;
  const next = start + NEXT.length;
  const nextEnd = endOfDigits(body, next, last);
  const missed = nextEnd + MISSED.length;
  const missedEnd = endOfDigits(body, missed, last);
  const first = missedEnd + MESSAGES.length;
  const view = viewOf(body);
  const usual =
    first <= last &&
    nextEnd > next &&
    missedEnd > missed &&
    body[next] !== ZERO &&
    stands(NEXT, view, start) &&
    stands(MISSED, view, nextEnd) &&
    stands(MESSAGES, view, missedEnd) &&
    body[last] === CLOSE &&
    body[last + 1] === BRACE;
  if (!usual) return readSlowly(body, start, end, sink, 0);
  let handed = 0;
  for (let at = first; at < last;) {
    const stop = body[at] === QUOTE ? findQuote(body, at + 1, last) : last;
    if (stop === last) throw broken(body, start, end);
    if (body[stop] !== QUOTE) return readSlowly(body, start, end, sink, handed);
    sink.message(body, at + 1, stop);
    handed++;
    at = stop + 1;
    // The next one, if there is a comma; the end of the list, if it is the last bracket.
    if (at < last && (body[at++] !== COMMA || at === last)) throw broken(body, start, end);
  }
  return { next: numberIn(body, next, nextEnd), missed: numberIn(body, missed, missedEnd) };
}

/** Where the digits end that begin at `start`: of none, or of too many, at `start` itself. */
function endOfDigits(body: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && body[at]! - ZERO >= 0 && body[at]! - ZERO <= 9) at++;
  return at - start <= MOST_DIGITS ? at : start;
}

function numberIn(body: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + body[at]! - ZERO;
  return value;
}

/** All but the first messages, which were handed on. */
function readSlowly(body: Buffer, start: number, end: number, sink: MessageSink, handed: number): Hello {
  const text = body.toString("utf8", start, end);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw broken(body, start, end);
  }
  const hello = checkHello(answer, text);
  const { messages } = answer as { messages?: unknown };
  if (!Array.isArray(messages)) throw broken(body, start, end);
  for (const each of messages.slice(handed)) {
    if (typeof each !== "string") throw broken(body, start, end);
    const bytes = Buffer.from(each);
    sink.message(bytes, 0, bytes.length);
  }
  return hello;
}

function broken(body: Buffer, start: number, end: number): ProtocolError {
  return new ProtocolError(`no poll answer: ${JSON.stringify(body.toString("utf8", start, Math.min(end, start + 80)))}`);
}
