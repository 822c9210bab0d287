/** Lines as they arrive in pieces: one that came whole is handed on where it lies, which is nearly always; else it is put together first. */
import { createGrowing } from "./growing.ts";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { ProtocolError } from "./protocol-error.ts";

const LF = 10;

export interface LineStreamParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
}

/** A line without its LF, in `bytes[start, end)`, valid during the call only; a CR before it stays. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

export function createLineStreamParser(line: OnLine): LineStreamParser {
  /** A line whose end has not come. */
  const partial = createGrowing();

  return {
    feed(bytes, start, end) {
      let at = start;
      while (at < end) {
        const stop = bytes.indexOf(LF, at);
        if (stop < 0 || stop >= end) {
          partial.append(bytes, at, end);
          if (partial.length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`line longer than ${LONGEST_MESSAGE_BYTES} bytes`);
          return;
        }
        if (partial.length === 0) {
          line(bytes, at, stop);
        } else {
          partial.append(bytes, at, stop);
          line(partial.bytes, 0, partial.length);
          partial.clear();
        }
        at = stop + 1;
      }
    },
  };
}
