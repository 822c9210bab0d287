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

/** Told of each piece of a chunk. */
export interface ChunkSink {
  body(bytes: Buffer, start: number, end: number): void;
}

export function createChunkedDecoder(sink: ChunkSink): ChunkedDecoder {
  return new Decoder(sink);
}

type State = "size" | "extension" | "data" | "data-end" | "trailer";

/** A class, as `growing.ts` has one and for the same reason: `done` is looked at once a chunk. */
class Decoder implements ChunkedDecoder {
  done = false;
  readonly #sink: ChunkSink;
  #state: State = "size";
  #size = 0;
  #digits = 0;
  #lineBytes = 0;
  #trailerLineEmpty = true;

  constructor(sink: ChunkSink) {
    this.#sink = sink;
  }

  feed(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && !this.done) {
      switch (this.#state) {
        case "size": {
          const c = bytes[at++]!;
          const digit = c >= 48 && c <= 57 ? c - 48 : c >= 97 && c <= 102 ? c - 87 : c >= 65 && c <= 70 ? c - 55 : -1;
          if (digit >= 0) {
            if (++this.#digits > MAX_SIZE_DIGITS) throw new ProtocolError("chunk size of more than 8 digits");
            this.#size = this.#size * 16 + digit;
          } else if (c === 10) {
            this.#sizeLineEnds();
          } else if (c === 13 || c === 59 || c === 32 || c === 9) {
            this.#state = "extension";
          } else {
            throw new ProtocolError(`byte ${c} in a chunk size`);
          }
          break;
        }
        case "extension":
          if (bytes[at++] === 10) this.#sizeLineEnds();
          else this.#skipped();
          break;
        case "data": {
          const stop = Math.min(end, at + this.#size);
          this.#size -= stop - at;
          if (this.#size === 0) this.#state = "data-end";
          const from = at;
          at = stop;
          this.#sink.body(bytes, from, stop);
          break;
        }
        case "data-end": {
          const c = bytes[at++]!;
          if (c === 10) this.#state = "size";
          else if (c !== 13) throw new ProtocolError(`byte ${c} where a chunk ends`);
          break;
        }
        case "trailer": {
          const c = bytes[at++]!;
          if (c === 10) {
            if (this.#trailerLineEmpty) this.done = true;
            this.#trailerLineEmpty = true;
          } else if (c !== 13) {
            this.#trailerLineEmpty = false;
            this.#skipped();
          }
          break;
        }
      }
    }
    return at;
  }

  #sizeLineEnds(): void {
    if (this.#digits === 0) throw new ProtocolError("chunk without a size");
    this.#digits = 0;
    this.#lineBytes = 0;
    this.#trailerLineEmpty = true;
    this.#state = this.#size === 0 ? "trailer" : "data";
  }

  #skipped(): void {
    if (++this.#lineBytes > MAX_LINE_BYTES) throw new ProtocolError(`chunk extension or trailer longer than ${MAX_LINE_BYTES} bytes`);
  }
}
