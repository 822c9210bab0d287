/** A buffer that grows as pieces are appended; doubling keeps a long message in many pieces linear. */
export interface Growing {
  readonly length: number;
  /** What was appended, in `bytes[0, length)`; overwritten by what is appended after `clear`. */
  readonly bytes: Buffer;
  append(bytes: Buffer, start: number, end: number): void;
  clear(): void;
}

const SMALLEST = 256;
/** Of all that hold nothing: a buffer of its own would be 200 bytes for each connection. */
const EMPTY = Buffer.alloc(0);

export function createGrowing(): Growing {
  return new GrowingBuffer();
}

/**
 * A class, for parsers look at `length` once a message: a getter in an object literal gives each connection's a shape of its own, which
 * made 50 ns of the look.
 */
class GrowingBuffer implements Growing {
  bytes: Buffer = EMPTY;
  length = 0;

  append(piece: Buffer, start: number, end: number): void {
    const needed = this.length + end - start;
    if (this.bytes.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST, needed * 2));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    piece.copy(this.bytes, this.length, start, end);
    this.length = needed;
  }

  clear(): void {
    // Thousands of connections that each saw one long message must not keep its room.
    if (this.bytes.length > 64 * SMALLEST) this.bytes = EMPTY;
    this.length = 0;
  }
}
