/** HTTP/1.1 responses as they arrive in pieces: head, then a body by length, in chunks, or until the end. */
import { createChunkedDecoder } from "./chunked.ts";
import type { ChunkedDecoder } from "./chunked.ts";
import { createKnownHeads } from "./known-heads.ts";
import { ProtocolError } from "./protocol-error.ts";

/** A head longer than this is refused. */
const MAX_HEAD_BYTES = 64 * 1024;

export interface ResponseHead {
  readonly status: number;
  /** Lower-case names; of a name that stands twice the last value. */
  readonly headers: ReadonlyMap<string, string>;
  /** How the end of the body is told: by its length, NaN where that is no number, by chunks, or by the end of the connection. */
  readonly framing: number | "chunked" | "until-close";
}

export interface ResponseEvents {
  /** The final head; those that only announce it (100, 103) are passed over. */
  head(head: ResponseHead): void;
  /** A piece of the body, borders anywhere. */
  body(bytes: Buffer, start: number, end: number): void;
  /** The body is whole. */
  end(): void;
  /** What follows a 101 answer, which is no longer HTTP; where it is absent, nobody asked for one. */
  upgraded?(bytes: Buffer, start: number, end: number): void;
}

export interface ResponseParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. Several responses may follow one another. */
  feed(bytes: Buffer, start: number, end: number): void;
}

/** Shared by all connections: what a head says does not depend on where it came. */
const known = createKnownHeads<ResponseHead>();

type State = "head" | "length" | "chunked" | "until-close" | "upgraded";

/** One connection's answers, as they follow one another. */
export function createResponseParser(events: ResponseEvents): ResponseParser {
  return new Responses(events);
}

/** A class, for a closure a method would be half a kilobyte for each of a million connections. */
class Responses implements ResponseParser {
  readonly #events: ResponseEvents;
  #state: State = "head";
  /** A head that is not whole yet. */
  #partial: Buffer | undefined;
  #bodyLeft = 0;
  #chunks: ChunkedDecoder | undefined;

  constructor(events: ResponseEvents) {
    this.#events = events;
  }

  feed(bytes: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      switch (this.#state) {
        case "head": {
          at = this.#readHead(bytes, at, end);
          if (at < 0) return;
          break;
        }
        case "length": {
          const stop = Math.min(end, at + this.#bodyLeft);
          this.#bodyLeft -= stop - at;
          this.#events.body(bytes, at, stop);
          at = stop;
          if (this.#bodyLeft === 0) this.#end();
          break;
        }
        case "chunked": {
          const chunks = this.#chunks!;
          at = chunks.feed(bytes, at, end);
          if (chunks.done) this.#end();
          break;
        }
        case "until-close":
          this.#events.body(bytes, at, end);
          return;
        case "upgraded":
          this.#events.upgraded!(bytes, at, end);
          return;
      }
    }
  }

  #end(): void {
    this.#state = "head";
    this.#events.end();
  }

  #begin(head: ResponseHead): void {
    if (head.status < 200 && head.status !== 101) return;
    if (head.status === 101 && this.#events.upgraded === undefined) throw new ProtocolError("switched protocols where nobody asked");
    this.#events.head(head);
    if (head.status === 101) {
      this.#state = "upgraded";
    } else if (head.status === 204 || head.status === 304) {
      this.#events.end();
    } else if (head.framing === "chunked") {
      this.#state = "chunked";
      this.#chunks = createChunkedDecoder(this.#events);
    } else if (head.framing === "until-close") {
      this.#state = "until-close";
    } else if (Number.isNaN(head.framing)) {
      throw new ProtocolError(`content-length "${head.headers.get("content-length")}" is no number`);
    } else {
      this.#bodyLeft = head.framing;
      if (head.framing === 0) this.#events.end();
      else this.#state = "length";
    }
  }

  /** Reads a head that ends in `bytes`; returns where the body begins, or -1 when more is needed. */
  #readHead(bytes: Buffer, start: number, end: number): number {
    if (this.#partial !== undefined) return this.#readRestOfHead(this.#partial, bytes, start, end);
    const same = known.find(bytes, start, end);
    if (same !== undefined) {
      this.#begin(same.head);
      return start + same.length;
    }
    const stop = endOfHead(bytes, start, start, end);
    if (stop >= 0) {
      const head = parseHead(bytes.toString("latin1", start, stop));
      known.keep(bytes, start, stop, head);
      this.#begin(head);
      return stop;
    }
    if (end - start > MAX_HEAD_BYTES) throw new ProtocolError(`response head longer than ${MAX_HEAD_BYTES} bytes`);
    this.#partial = Buffer.from(bytes.subarray(start, end));
    return -1;
  }

  #readRestOfHead(partial: Buffer, bytes: Buffer, start: number, end: number): number {
    const before = partial.length;
    const joined = Buffer.concat([partial, bytes.subarray(start, end)]);
    const stop = endOfHead(joined, 0, Math.max(0, before - 3), joined.length);
    if (stop < 0) {
      if (joined.length > MAX_HEAD_BYTES) throw new ProtocolError(`response head longer than ${MAX_HEAD_BYTES} bytes`);
      this.#partial = joined;
      return -1;
    }
    this.#partial = undefined;
    this.#begin(parseHead(joined.toString("latin1", 0, stop)));
    return start + (stop - before);
  }
}

/** A request's headers as they are sent, each line ended. */
export function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

/** Index after the blank line that ends a head in `bytes[start, end)`, looked for in `[from, end)`; -1 when it has not come. */
function endOfHead(bytes: Buffer, start: number, from: number, end: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0 && at < end; at = bytes.indexOf(10, at + 1)) {
    // A line end after a line end, the carriage return before it being optional (RFC 9112, 2.2).
    const previous = bytes[at - 1] === 13 ? at - 2 : at - 1;
    if (previous >= start && bytes[previous] === 10) return at + 1;
  }
  return -1;
}

function parseHead(text: string): ResponseHead {
  const lines = text.split(/\r?\n/);
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(lines[0] ?? "");
  if (status === null) throw new ProtocolError(`no HTTP/1.1 status line: ${JSON.stringify((lines[0] ?? "").slice(0, 80))}`);
  const headers = new Map<string, string>();
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) throw new ProtocolError(`no header line: ${JSON.stringify(line.slice(0, 80))}`);
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status: Number(status[1]), headers, framing: framingOf(headers) };
}

function framingOf(headers: ReadonlyMap<string, string>): ResponseHead["framing"] {
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") return "chunked";
  const length = headers.get("content-length");
  if (length === undefined) return "until-close";
  return /^\d{1,15}$/.test(length) ? Number(length) : NaN;
}
