/**
 * `text/event-stream` as it arrives in pieces (https://html.spec.whatwg.org/multipage/server-sent-events.html, 9.2.6): an event's data
 * is handed on where it lies whenever it came whole and on one line, which is nearly always; else it is put together first.
 */
import { createGrowing } from "./growing.ts";
import type { Growing } from "./growing.ts";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { ProtocolError } from "./protocol-error.ts";
import { findLineEnd } from "./scanning.ts";
import { viewOf } from "./views.ts";

const LF = 10;
const CR = 13;
const COLON = 58;
const BLANK = 32;
const T = 116;
/** As words, the first letter lowest. */
const DATA = 0x61746164;
const EVEN = 0x6e657665;
const LINE_END = Buffer.from("\n");

export interface EventStreamParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
}

export interface EventSink {
  /** An event's type (`message` where none was given), and its data in `bytes[start, end)`, valid during the call only. */
  event(type: string, bytes: Buffer, start: number, end: number): void;
}

/** Events without data are not dispatched, as the specification says. */
export function createEventStreamParser(sink: EventSink): EventStreamParser {
  return new Events(sink);
}

/** A class, as in `http1.ts`. */
class Events implements EventStreamParser {
  readonly #sink: EventSink;
  /** A line whose end has not come. */
  readonly #partial = createGrowing();
  /** Data of the event so far, unless it is one line that lies in the bytes being fed. */
  #kept: Growing | undefined;
  #lying: Buffer | undefined;
  #lyingStart = 0;
  #lyingEnd = 0;
  #hasData = false;
  #type = "message";
  #afterCr = false;
  #first = true;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  feed(bytes: Buffer, start: number, end: number): void {
    const partial = this.#partial;
    let at = start;
    while (at < end) {
      if (this.#afterCr) {
        this.#afterCr = false;
        if (bytes[at] === LF) {
          at++;
          continue;
        }
      }
      const stop = findLineEnd(bytes, at, end);
      if (stop === end) {
        partial.append(bytes, at, end);
        if (partial.length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`line longer than ${LONGEST_MESSAGE_BYTES} bytes`);
        break;
      }
      // An event of one line of data, and the empty line behind it: half the time of the way through `line`.
      if (
        !this.#hasData &&
        partial.length === 0 &&
        bytes[stop] === LF &&
        stop + 1 < end &&
        bytes[stop + 1] === LF &&
        isData(bytes, at, stop)
      ) {
        this.#sink.event(this.#type, bytes, valueAfter(bytes, at + 4, stop), stop);
        this.#type = "message";
        this.#first = false;
        at = stop + 2;
        continue;
      }
      this.#afterCr = bytes[stop] === CR;
      if (partial.length === 0) {
        this.#line(bytes, this.#first && hasByteOrderMark(bytes, at, stop) ? at + 3 : at, stop);
      } else {
        partial.append(bytes, at, stop);
        this.#line(partial.bytes, this.#first && hasByteOrderMark(partial.bytes, 0, partial.length) ? 3 : 0, partial.length);
        // The next line that comes in pieces overwrites this one.
        this.#keep();
        partial.clear();
      }
      this.#first = false;
      at = stop + 1;
    }
    this.#keep();
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (start === end) this.#dispatch();
    else if (isData(bytes, start, end)) this.#data(bytes, valueAfter(bytes, start + 4, end), end);
    else if (isType(bytes, start, end)) {
      const value = valueAfter(bytes, start + 5, end);
      this.#type = end > value ? bytes.toString("utf8", value, end) : "message";
    }
    // `id`, `retry`, comments and unknown fields say nothing that the load needs.
  }

  #dispatch(): void {
    if (this.#hasData && this.#lying !== undefined) this.#sink.event(this.#type, this.#lying, this.#lyingStart, this.#lyingEnd);
    else if (this.#hasData) this.#sink.event(this.#type, this.#kept!.bytes, 0, this.#kept!.length);
    this.#kept?.clear();
    this.#lying = undefined;
    this.#hasData = false;
    this.#type = "message";
  }

  #data(bytes: Buffer, start: number, end: number): void {
    if (this.#hasData) {
      this.#keep();
      const kept = this.#kept!;
      kept.append(LINE_END, 0, 1);
      kept.append(bytes, start, end);
      if (kept.length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`event longer than ${LONGEST_MESSAGE_BYTES} bytes`);
      return;
    }
    this.#hasData = true;
    this.#lying = bytes;
    this.#lyingStart = start;
    this.#lyingEnd = end;
  }

  /** Copies what lies in bytes that are the caller's. */
  #keep(): void {
    if (this.#lying === undefined) return;
    (this.#kept ??= createGrowing()).append(this.#lying, this.#lyingStart, this.#lyingEnd);
    this.#lying = undefined;
  }
}

/** Whether the line's field is `data`. */
function isData(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 4 && viewOf(bytes).getInt32(start, true) === DATA && (end === start + 4 || bytes[start + 4] === COLON);
}

/** Whether it is `event`. */
function isType(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 5 || viewOf(bytes).getInt32(start, true) !== EVEN) return false;
  return bytes[start + 4] === T && (end === start + 5 || bytes[start + 5] === COLON);
}

/** Where the value of a field begins, whose name ends at `colon`; at `end` where there is none. */
function valueAfter(bytes: Buffer, colon: number, end: number): number {
  const value = Math.min(colon + 1, end);
  return value < end && bytes[value] === BLANK ? value + 1 : value;
}

function hasByteOrderMark(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
