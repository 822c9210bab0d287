/** The answer to a poll: `{"next":N,"missed":M,"messages":["…"]}`, its messages handed on where they lie. */
import type { Hello } from "../../servers/contract.ts";
import { checkHello } from "./hello.ts";
import { ProtocolError } from "./protocol-error.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const CLOSE = 93;
const BRACE = 125;
const MESSAGES = Buffer.from('"messages":[');

type Message = (bytes: Buffer, start: number, end: number) => void;

/**
 * Reads a whole answer in `body[start, end)`: `message` for each message, then returns what the answer says of the cursor. A message
 * with an escape in it takes the slow way through `JSON.parse`; an envelope has none. Throws {@link ProtocolError}.
 */
export function readPollAnswer(body: Buffer, start: number, end: number, message: Message): Hello {
  const list = body.indexOf(MESSAGES, start);
  const first = list + MESSAGES.length;
  const last = end - 2;
  if (list < 0 || first > last || body[last] !== CLOSE || body[last + 1] !== BRACE) return readSlowly(body, start, end, message);
  const head = /^\{"next":([1-9]\d{0,14}),"missed":(\d{1,15}|null),$/.exec(body.toString("latin1", start, list));
  // An escape is looked for first, so that no message is handed on twice when the slow way must be taken; and in the list alone, for what
  // lies behind it in a shared buffer of 64 KiB takes longer to search than the answer to read.
  if (head === null || body.subarray(first, last).includes(BACKSLASH)) return readSlowly(body, start, end, message);
  for (let at = first; at < last;) {
    const stop = body[at] === QUOTE ? body.indexOf(QUOTE, at + 1) : -1;
    if (stop < 0 || stop >= last) throw broken(body, start, end);
    message(body, at + 1, stop);
    at = stop + 1;
    // The next one, if there is a comma; the end of the list, if it is the last bracket.
    if (at < last && (body[at++] !== COMMA || at === last)) throw broken(body, start, end);
  }
  return { next: Number(head[1]), missed: head[2] === "null" ? null : Number(head[2]) };
}

function readSlowly(body: Buffer, start: number, end: number, message: Message): Hello {
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
  for (const each of messages) {
    if (typeof each !== "string") throw broken(body, start, end);
    const bytes = Buffer.from(each);
    message(bytes, 0, bytes.length);
  }
  return hello;
}

function broken(body: Buffer, start: number, end: number): ProtocolError {
  return new ProtocolError(`no poll answer: ${JSON.stringify(body.toString("utf8", start, Math.min(end, start + 80)))}`);
}
