/** Histograms as they are stored: HdrHistogram V2, compressed, base64, which every HdrHistogram tool reads. */
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Float64Histogram } from "hdr-histogram-js";
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
  const histogram = createHistogram();
  const pairs: number[] = [];
  if (encoded.hdr !== "") {
    // The library's slots are ours, for both count with three digits from 1 ns (a test holds this).
    const library = decodeFromCompressedBase64(encoded.hdr, 64) as Float64Histogram;
    for (let slot = 0, left = library.totalCount; slot < SLOTS && left > 0; slot++) {
      const times = library.getCountAtIndex(slot);
      if (times === 0) continue;
      pairs.push(slot, times);
      left -= times;
    }
  }
  histogram.add({ pairs, overflow: encoded.overflow, clockErrors: encoded.clockErrors });
  if (histogram.count !== encoded.count) {
    throw new Error(`stored histogram holds ${histogram.count} values where ${encoded.count} are stated`);
  }
  return histogram;
}

/** The whole of several shards: identical to one histogram that had recorded every value (METHOD R4). */
export function mergeEncoded(shards: readonly EncodedHistogram[]): Histogram {
  const whole = createHistogram();
  for (const shard of shards) whole.add(decodeHistogram(shard));
  return whole;
}
