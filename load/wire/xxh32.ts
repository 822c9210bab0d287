/**
 * XXH32 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md) of as much as an envelope has to be hashed: its four lanes do not
 * wait for one another, and a change within one word of four bytes always changes it.
 */

/** Three stripes of four words, and two words. */
export const HASHED_BYTES = 56;

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;

/** Of the {@link HASHED_BYTES} at `at`, with seed 0. */
export function xxh32(view: DataView, at: number): number {
  let a = (PRIME_1 + PRIME_2) | 0;
  let b = PRIME_2 | 0;
  let c = 0;
  let d = -PRIME_1 | 0;
  for (let i = at; i < at + 48; i += 16) {
    a = lane(a, view.getInt32(i, true));
    b = lane(b, view.getInt32(i + 4, true));
    c = lane(c, view.getInt32(i + 8, true));
    d = lane(d, view.getInt32(i + 12, true));
  }
  let h = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) + HASHED_BYTES) | 0;
  h = Math.imul(rotate(h + Math.imul(view.getInt32(at + 48, true), PRIME_3), 17), PRIME_4);
  h = Math.imul(rotate(h + Math.imul(view.getInt32(at + 52, true), PRIME_3), 17), PRIME_4);
  h = Math.imul(h ^ (h >>> 15), PRIME_2);
  h = Math.imul(h ^ (h >>> 13), PRIME_3);
  return (h ^ (h >>> 16)) >>> 0;
}

function lane(sum: number, word: number): number {
  return Math.imul(rotate(sum + Math.imul(word, PRIME_2), 13), PRIME_1);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
