/** A buffer that grows as pieces are appended; doubling keeps a long message in many pieces linear. */
export interface Growing {
  readonly length: number;
  /** What was appended, in `bytes[0, length)`; overwritten by what is appended after `clear`. */
  readonly bytes: Buffer;
  append(bytes: Buffer, start: number, end: number): void;
  clear(): void;
}

const SMALLEST = 256;

export function createGrowing(): Growing {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    get bytes() {
      return bytes;
    },
    append(piece, start, end) {
      const needed = length + end - start;
      if (bytes.length < needed) {
        const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST, needed * 2));
        bytes.copy(larger, 0, 0, length);
        bytes = larger;
      }
      piece.copy(bytes, length, start, end);
      length = needed;
    },
    clear() {
      // Thousands of connections that each saw one long message must not keep its room.
      if (bytes.length > 64 * SMALLEST) bytes = Buffer.alloc(0);
      length = 0;
    },
  };
}
