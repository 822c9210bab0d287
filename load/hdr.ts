/** Histograms as they are stored: HdrHistogram V2, compressed, base64, which every HdrHistogram tool reads. */
import { inflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import { createHistogram, MAX_NS, SLOTS } from "./histogram.ts";
import type { Histogram } from "./histogram.ts";

/** A stored histogram of values in ns, with what had no bucket beside it. */
export interface EncodedHistogram {
  /** Empty when `count` is 0. */
  readonly hdr: string;
  /** Values recorded, `overflow` and `clockErrors` not among them. */
  readonly count: number;
  /** Values above one hour. */
  readonly overflow: number;
  /** Negative values: the clock went wrong, and the measurement with it. */
  readonly clockErrors: number;
}

export function encodeHistogram(histogram: Histogram): EncodedHistogram {
  const { count, overflow, clockErrors } = histogram;
  if (count === 0) return { hdr: "", count, overflow, clockErrors };
  const library = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_NS,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
  for (const [low, , times] of histogram.buckets()) library.recordValueWithCount(low, times);
  return { hdr: encodeIntoCompressedBase64(library), count, overflow, clockErrors };
}

/** Reads a stored histogram; throws where the text is not one, or its count is not the one stated. */
export function decodeHistogram(encoded: EncodedHistogram): Histogram {
  return mergeEncoded([encoded]);
}

/** The whole of several shards: identical to one histogram that had recorded every value (METHOD R4). */
export function mergeEncoded(shards: readonly EncodedHistogram[]): Histogram {
  const whole = createHistogram();
  for (const { hdr, count, overflow, clockErrors } of shards) {
    const before = whole.count;
    whole.add({ pairs: hdr === "" ? [] : storedPairs(hdr), overflow, clockErrors });
    const found = whole.count - before;
    if (found !== count) throw new Error(`stored histogram holds ${found} values where ${count} are stated`);
  }
  return whole;
}

const V2 = 0x1c849303;
const V2_COMPRESSED = 0x1c849304;
/** Cookie, length of what follows. */
const OUTER_BYTES = 8;
/** Cookie, payload length, offset and digits of 4 bytes; lowest and highest value and ratio of 8. */
const HEADER_BYTES = 40;

/**
 * Slots and their counts, as V2 has them (github.com/HdrHistogram/HdrHistogram): the library's slots are ours, for both count with three
 * digits from 1 ns. Read here and not by the library, which makes an array of all 44,000 slots and looks at each of them twice: a second
 * of a trial took it 0.9 ms, of which a report reads thousands.
 */
function storedPairs(hdr: string): number[] {
  const outer = Buffer.from(hdr, "base64");
  if (outer.length <= OUTER_BYTES || (outer.readUInt32BE(0) & ~0xf0) >>> 0 !== V2_COMPRESSED)
    throw unreadable("it is not in HdrHistogram's V2 format");
  const bytes = inflateSync(outer.subarray(OUTER_BYTES, OUTER_BYTES + outer.readUInt32BE(4)));
  if (bytes.length < HEADER_BYTES || (bytes.readUInt32BE(0) & ~0xf0) >>> 0 !== V2)
    throw unreadable("its compressed part is not in V2 format");
  if (bytes.readUInt32BE(12) !== 3 || bytes.readBigInt64BE(16) !== 1n) throw unreadable("it does not count with three digits from 1 ns");
  const end = HEADER_BYTES + bytes.readUInt32BE(4);
  if (end !== bytes.length) throw unreadable("it is cut off");
  const pairs: number[] = [];
  let slot = 0;
  for (let at = HEADER_BYTES; at < end;) {
    // LEB128: seven bits a byte, the lowest first, and all eight of a ninth; beyond 2⁵³ no count is exact, nor is there one.
    let word = 0;
    for (let byte = 0, scale = 1; ; byte++, scale *= 128) {
      const next = bytes[at++];
      if (next === undefined) throw unreadable("it is cut off");
      word += (byte === 8 ? next : next & 0x7f) * scale;
      if (byte === 8 || next < 0x80) break;
    }
    // ZigZag: an odd word is a negative number, and that many slots are empty.
    if (word % 2 === 1) slot += (word + 1) / 2;
    else if (slot >= SLOTS) throw unreadable("it has values above one hour");
    else {
      if (word > 0) pairs.push(slot, word / 2);
      slot++;
    }
  }
  return pairs;
}

function unreadable(why: string): Error {
  return new Error(`a stored histogram cannot be read: ${why}`);
}
