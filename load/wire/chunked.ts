/** The chunked transfer coding (RFC 9112, 7.1), decoded in place: pieces of chunks are handed on where they lie. */
import { ProtocolError } from "./protocol-error.ts";

/** More digits than these would not be a chunk anyone sends. */
const MAX_SIZE_DIGITS = 8;
/** Extensions and trailers are skipped up to here. */
const MAX_LINE_BYTES = 16 * 1024;

export interface ChunkedDecoder {
  /** The last chunk and its trailers are read. */
  readonly done: boolean;
  /** Takes `bytes[start, end)`; returns where it stopped: `end`, or the byte after the body. Throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): number;
}

type State = "size" | "extension" | "data" | "data-end" | "trailer";

export function createChunkedDecoder(body: (bytes: Buffer, start: number, end: number) => void): ChunkedDecoder {
  let state: State = "size";
  let size = 0;
  let digits = 0;
  let lineBytes = 0;
  let trailerLineEmpty = true;
  let done = false;

  function sizeLineEnds(): void {
    if (digits === 0) throw new ProtocolError("chunk without a size");
    digits = 0;
    lineBytes = 0;
    trailerLineEmpty = true;
    state = size === 0 ? "trailer" : "data";
  }

  function skipped(): void {
    if (++lineBytes > MAX_LINE_BYTES) throw new ProtocolError(`chunk extension or trailer longer than ${MAX_LINE_BYTES} bytes`);
  }

  return {
    get done() {
      return done;
    },
    feed(bytes, start, end) {
      let at = start;
      while (at < end && !done) {
        switch (state) {
          case "size": {
            const c = bytes[at++]!;
            const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1;
            if (digit >= 0) {
              if (++digits > MAX_SIZE_DIGITS) throw new ProtocolError("chunk size of more than 8 digits");
              size = size * 16 + digit;
            } else if (c === 10) {
              sizeLineEnds();
            } else if (c === 13 || c === 59 || c === 32 || c === 9) {
              state = "extension";
            } else {
              throw new ProtocolError(`byte ${c} in a chunk size`);
            }
            break;
          }
          case "extension":
            if (bytes[at++] === 10) sizeLineEnds();
            else skipped();
            break;
          case "data": {
            const stop = Math.min(end, at + size);
            size -= stop - at;
            if (size === 0) state = "data-end";
            const from = at;
            at = stop;
            body(bytes, from, stop);
            break;
          }
          case "data-end": {
            const c = bytes[at++]!;
            if (c === 10) state = "size";
            else if (c !== 13) throw new ProtocolError(`byte ${c} where a chunk ends`);
            break;
          }
          case "trailer": {
            const c = bytes[at++]!;
            if (c === 10) {
              if (trailerLineEmpty) done = true;
              trailerLineEmpty = true;
            } else if (c !== 13) {
              trailerLineEmpty = false;
              skipped();
            }
            break;
          }
        }
      }
      return at;
    },
  };
}
