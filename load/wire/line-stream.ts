/** Lines as they arrive in pieces: one that came whole is handed on where it lies, which is nearly always; else it is put together first. */
import { createGrowing } from "./growing.ts";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { ProtocolError } from "./protocol-error.ts";

const LF = 10;

export interface LineStreamParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
}

export interface LineSink {
  /** A line without its LF, in `bytes[start, end)`, valid during the call only; a CR before it stays. */
  line(bytes: Buffer, start: number, end: number): void;
}

export function createLineStreamParser(sink: LineSink): LineStreamParser {
  return new Lines(sink);
}

/** A class, as in `http1.ts`. */
class Lines implements LineStreamParser {
  readonly #sink: LineSink;
  /** A line whose end has not come. */
  readonly #partial = createGrowing();

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  feed(bytes: Buffer, start: number, end: number): void {
    const partial = this.#partial;
    let at = start;
    while (at < end) {
      const stop = bytes.indexOf(LF, at);
      if (stop < 0 || stop >= end) {
        partial.append(bytes, at, end);
        if (partial.length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`line longer than ${LONGEST_MESSAGE_BYTES} bytes`);
        return;
      }
      if (partial.length === 0) {
        this.#sink.line(bytes, at, stop);
      } else {
        partial.append(bytes, at, stop);
        this.#sink.line(partial.bytes, 0, partial.length);
        partial.clear();
      }
      at = stop + 1;
    }
  }
}
