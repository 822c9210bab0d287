/**
 * Heads that came before. Polls are answered with the same few again and again, on every connection of a worker, until the date in them
 * is another: to compare one takes a fiftieth of the time that reading it takes.
 */
import { viewOf } from "./views.ts";

export interface KnownHeads<Head> {
  /** The head that `bytes[start, end)` begins with, byte for byte, and its length. */
  find(bytes: Uint8Array, start: number, end: number): Known<Head> | undefined;
  /** The head in `bytes[start, end)` was read; its last line is the only empty one. */
  keep(bytes: Uint8Array, start: number, end: number, head: Head): void;
}

export interface Known<Head> {
  readonly head: Head;
  readonly length: number;
}

/** An answer with a message and one without are two; a third length comes with another digit. */
const KEPT = 4;
const LONGEST_BYTES = 2048;

/**
 * Compared as doubles, eight bytes at once, from the end: heads differ in the length of what follows, which most servers say last. The
 * last double is that of the first eight bytes, and may overlap the one before.
 */
interface Kept<Head> extends Known<Head> {
  readonly words: Float64Array;
}

export function createKnownHeads<Head>(): KnownHeads<Head> {
  /** The newest first. */
  const heads: Kept<Head>[] = [];

  return {
    find(bytes, start, end) {
      const view = viewOf(bytes);
      for (let i = 0; i < heads.length; i++) {
        const known = heads[i]!;
        if (known.length <= end - start && stands(view, start, known)) return known;
      }
      return undefined;
    },
    keep(bytes, start, end, head) {
      const length = end - start;
      if (length < 8 || length > LONGEST_BYTES) return;
      const view = viewOf(bytes);
      const words = Float64Array.from({ length: Math.ceil(length / 8) }, (_, i) =>
        view.getFloat64(Math.max(start, end - 8 * (i + 1)), true),
      );
      // Two doubles may be equal and differ in a bit only where they are zero, and be the same and not equal where they are no numbers.
      if (!words.every((word) => word !== 0 && !Number.isNaN(word))) return;
      heads.unshift({ head, length, words });
      heads.length = Math.min(heads.length, KEPT);
    },
  };
}

function stands(view: DataView, start: number, { length, words }: Kept<unknown>): boolean {
  let i = 0;
  for (let at = start + length - 8; at > start; at -= 8) {
    if (view.getFloat64(at, true) !== words[i++]) return false;
  }
  return view.getFloat64(start, true) === words[i];
}
