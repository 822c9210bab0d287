/** Test support: streams damaged at random, the same for the same seed. */
import { seededRandom } from "../random.ts";

/** Bytes on which parsers turn. */
const TELLING = Buffer.from('\r\n:;,{}[]"\\ 0179aAfF\0\x7f\x80\x81\x82\x88\x89\xc1\xff', "latin1");

/** Draws an integer in [0, `below`). */
export type RandomSource = (below: number) => number;

export function createRandomSource(seed: number): RandomSource {
  const random = seededRandom(seed);
  return (below) => Math.floor(random() * below);
}

/** One of the streams with one to four damages. */
export function mutate(streams: readonly Buffer[], random: RandomSource): Buffer {
  let bytes: Buffer = Buffer.from(streams[random(streams.length)]!);
  for (let left = 1 + random(4); left > 0; left--) bytes = damage(bytes, streams, random);
  return bytes;
}

function damage(bytes: Buffer, streams: readonly Buffer[], random: RandomSource): Buffer {
  const at = random(bytes.length + 1);
  const to = Math.min(bytes.length, at + random(20));
  const before = bytes.subarray(0, at);
  switch (random(7)) {
    case 0: {
      if (at < bytes.length) bytes[at]! ^= 1 << random(8);
      return bytes;
    }
    case 1: {
      if (at < bytes.length) bytes[at] = TELLING[random(TELLING.length)]!;
      return bytes;
    }
    case 2:
      return Buffer.concat([before, bytes.subarray(to)]);
    case 3:
      return Buffer.concat([before, bytes.subarray(at, to), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([before, Buffer.from(Array.from({ length: random(12) }, () => random(256))), bytes.subarray(at)]);
    case 5: {
      const other = streams[random(streams.length)]!;
      return Buffer.concat([before, other.subarray(random(other.length + 1))]);
    }
    default:
      return Buffer.from(before);
  }
}

/** Where to cut: single bytes, or a few pieces. */
export function piecesOf(bytes: Buffer, random: RandomSource): number[] {
  if (random(4) === 0) return Array.from(bytes, (_, i) => i + 1);
  const ends = Array.from({ length: 1 + random(5) }, () => random(bytes.length + 1)).toSorted((a, b) => a - b);
  return [...ends, bytes.length];
}
