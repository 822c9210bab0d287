/**
 * `text/event-stream` as it arrives in pieces (https://html.spec.whatwg.org/multipage/server-sent-events.html, 9.2.6): an event's data
 * is handed on where it lies whenever it came whole and on one line, which is nearly always; else it is put together first.
 */
import { ProtocolError } from "./protocol-error.ts";

/** A line or an event longer than this is refused. */
const MAX_EVENT_BYTES = 4 * 1024 * 1024;

const LF = 10;
const CR = 13;
const COLON = 58;
const BLANK = 32;

export interface EventStreamParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
}

/**
 * `event` gets the event's type (`message` where none was given) and its data in `bytes[start, end)`, valid during the call only.
 * Events without data are not dispatched, as the specification says.
 */
export function createEventStreamParser(event: (type: string, bytes: Buffer, start: number, end: number) => void): EventStreamParser {
  /** A line whose end has not come. */
  let partial: Buffer | undefined;
  let type = "message";
  /** Data of the event so far: one line where it lies, or several copied together. */
  let dataBytes: Buffer | undefined;
  let dataStart = 0;
  let dataEnd = 0;
  /** True while `dataBytes` is the caller's, to be copied before the feed returns. */
  let borrowed = false;
  let afterCr = false;
  let first = true;

  function line(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      if (dataBytes !== undefined) {
        const whole = dataBytes;
        dataBytes = undefined;
        event(type, whole, dataStart, dataEnd);
      }
      type = "message";
      return;
    }
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon++;
    const value = colon + 1 < end && bytes[colon + 1] === BLANK ? colon + 2 : Math.min(colon + 1, end);
    const length = colon - start;
    if (length === 4 && bytes[start] === 0x64 && bytes[start + 1] === 0x61 && bytes[start + 2] === 0x74 && bytes[start + 3] === 0x61) {
      data(bytes, value, end);
    } else if (length === 5 && bytes.toString("latin1", start, colon) === "event") {
      type = end > value ? bytes.toString("utf8", value, end) : "message";
    }
    // `id`, `retry`, comments and unknown fields say nothing that the load needs.
  }

  function data(bytes: Buffer, start: number, end: number): void {
    if (dataBytes === undefined) {
      dataBytes = bytes;
      dataStart = start;
      dataEnd = end;
      borrowed = true;
      return;
    }
    const joined = Buffer.concat([dataBytes.subarray(dataStart, dataEnd), Buffer.from("\n"), bytes.subarray(start, end)]);
    if (joined.length > MAX_EVENT_BYTES) throw new ProtocolError(`event longer than ${MAX_EVENT_BYTES} bytes`);
    dataBytes = joined;
    dataStart = 0;
    dataEnd = joined.length;
    borrowed = false;
  }

  /** Index of the next CR or LF in `bytes[from, end)`, or `end`. */
  function lineEnd(bytes: Buffer, from: number, end: number): number {
    let at = from;
    while (at < end) {
      const c = bytes[at];
      if (c === LF || c === CR) return at;
      at++;
    }
    return end;
  }

  return {
    feed(bytes, start, end) {
      let at = start;
      while (at < end) {
        if (afterCr) {
          afterCr = false;
          if (bytes[at] === LF) {
            at++;
            continue;
          }
        }
        const stop = lineEnd(bytes, at, end);
        if (stop === end) {
          const piece = bytes.subarray(at, end);
          partial = partial === undefined ? Buffer.from(piece) : Buffer.concat([partial, piece]);
          if (partial.length > MAX_EVENT_BYTES) throw new ProtocolError(`line longer than ${MAX_EVENT_BYTES} bytes`);
          break;
        }
        afterCr = bytes[stop] === CR;
        if (partial === undefined) {
          line(bytes, first && hasByteOrderMark(bytes, at, stop) ? at + 3 : at, stop);
        } else {
          const whole = Buffer.concat([partial, bytes.subarray(at, stop)]);
          partial = undefined;
          line(whole, first && hasByteOrderMark(whole, 0, whole.length) ? 3 : 0, whole.length);
        }
        first = false;
        at = stop + 1;
      }
      if (borrowed && dataBytes !== undefined) {
        dataBytes = Buffer.from(dataBytes.subarray(dataStart, dataEnd));
        dataEnd -= dataStart;
        dataStart = 0;
        borrowed = false;
      }
    },
  };
}

function hasByteOrderMark(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
