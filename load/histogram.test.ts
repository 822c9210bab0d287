import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from "hdr-histogram-js";
import type { Float64Histogram } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { decodeHistogram, encodeHistogram, mergeEncoded } from "./hdr.ts";
import { createHistogram, MAX_NS } from "./histogram.ts";
import { seededRandom } from "./random.ts";

/** Values of all magnitudes, in ns. */
function values(n: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => Math.floor(10 ** (random() * 12.5)));
}

const QUANTILES = [0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1];

test("every value lies in its bucket, and the bucket is at most 0.1 % wide", () => {
  const edges = Array.from({ length: 42 }, (_, i) => [2 ** i - 1, 2 ** i, 2 ** i + 1]).flat();
  for (const value of [...edges, ...values(2000, 1), MAX_NS].filter((v) => v <= MAX_NS)) {
    const histogram = createHistogram();
    histogram.record(value);
    const [bucket] = histogram.buckets();
    const [low, high] = bucket!;
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
    expect(high - low).toBeLessThanOrEqual(Math.max(0, value / 1000));
  }
});

test("quantiles are those of hdr-histogram-js", () => {
  const ours = createHistogram();
  const theirs = build({ lowestDiscernibleValue: 1, highestTrackableValue: MAX_NS, numberOfSignificantValueDigits: 3, bitBucketSize: 64 });
  for (const value of values(20_000, 2)) {
    ours.record(value);
    theirs.recordValue(value);
  }
  for (const q of QUANTILES) expect(ours.quantile(q), `quantile ${q}`).toBe(theirs.getValueAtPercentile(q * 100));
});

test("merged shards are the whole, at every quantile", () => {
  const whole = createHistogram();
  const shards = [3, 4, 5].map((seed) => {
    const shard = createHistogram();
    for (const value of values(seed * 700, seed)) {
      shard.record(value);
      whole.record(value);
    }
    return shard;
  });
  const merged = mergeEncoded(shards.map(encodeHistogram));
  expect(merged.toSparse()).toEqual(whole.toSparse());
  const sent = createHistogram();
  for (const shard of shards) sent.add(shard.toSparse());
  expect(sent.toSparse()).toEqual(whole.toSparse());
});

test.each([
  ["constant", () => 5_000_000],
  ["bimodal", (random: () => number) => (random() < 0.5 ? 1_000_000 : 100_000_000)],
  ["log-normal", (random: () => number) => Math.exp(14 + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))],
])("quantiles of a %s input are right to 0.1 %%", (_, draw) => {
  const random = seededRandom(6);
  const drawn = Array.from({ length: 50_000 }, () => draw(random)).sort((a, b) => a - b);
  const histogram = createHistogram();
  for (const value of drawn) histogram.record(value);
  for (const q of QUANTILES) {
    const exact = drawn[Math.max(0, Math.ceil(q * drawn.length - 1e-9) - 1)]!;
    expect(Math.abs(histogram.quantile(q)! - exact) / exact, `quantile ${q}`).toBeLessThan(1e-3);
  }
});

test("what has no bucket is counted apart, never clamped", () => {
  const histogram = createHistogram();
  histogram.record(-1);
  histogram.record(MAX_NS * 2);
  histogram.record(10);
  expect(histogram).toMatchObject({ count: 1, overflow: 1, clockErrors: 1 });
  expect(decodeHistogram(encodeHistogram(histogram))).toMatchObject({ count: 1, overflow: 1, clockErrors: 1 });
});

test("a stored histogram that does not hold what it states is refused", () => {
  const histogram = createHistogram();
  histogram.record(10);
  expect(() => decodeHistogram({ ...encodeHistogram(histogram), count: 2 })).toThrow("holds 1 values where 2 are stated");
});

test("what is read is what the library would read, whatever the counts", () => {
  const random = seededRandom(11);
  for (const size of [1, 3, 200, 20_000]) {
    const histogram = createHistogram();
    for (let i = 0; i < size; i++) histogram.record(Math.floor(random() ** 8 * MAX_NS), 1 + Math.floor(random() ** 6 * 5_000_000));
    histogram.record(0);
    histogram.record(MAX_NS);
    const encoded = encodeHistogram(histogram);
    const library = decodeFromCompressedBase64(encoded.hdr, 64) as Float64Histogram;
    const { pairs } = decodeHistogram(encoded).toSparse();
    expect(pairs.length).toBeGreaterThan(2);
    for (let i = 0; i < pairs.length; i += 2) expect(library.getCountAtIndex(pairs[i]!)).toBe(pairs[i + 1]);
    expect(library.totalCount).toBe(encoded.count);
  }
});

test.each([
  ["not one at all", "AAAAAAAAAAAAAAAAAAAA", "V2 format"],
  ["no base64", "!?", "V2 format"],
  ["of two digits", encodeIntoCompressedBase64(build({ numberOfSignificantValueDigits: 2 })), "three digits from 1 ns"],
  ["of values above an hour", encodeIntoCompressedBase64(recorded(MAX_NS * 8)), "above one hour"],
])("one that is %s is refused", (_, hdr, reason) => {
  expect(() => decodeHistogram({ hdr, count: 1, overflow: 0, clockErrors: 0 })).toThrow(reason);
});

test("one that is cut off anywhere is refused, never read in part", () => {
  const histogram = createHistogram();
  for (let i = 0; i < 2_000; i++) histogram.record(i * i * 37, i + 1);
  const encoded = encodeHistogram(histogram);
  const bytes = Buffer.from(encoded.hdr, "base64");
  for (let length = 1; length < bytes.length; length += 7) {
    expect(() => decodeHistogram({ ...encoded, hdr: bytes.subarray(0, length).toString("base64") }), `${length} bytes`).toThrow(
      /cannot be read|unexpected end of file/,
    );
  }
});

function recorded(value: number) {
  const library = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: value * 2, bitBucketSize: 64 });
  library.recordValue(value);
  return library;
}

test("an empty one says nothing, and one that was reset is empty", () => {
  const histogram = createHistogram();
  histogram.record(1_000_000);
  histogram.reset();
  expect(histogram.quantile(0.5)).toBeUndefined();
  expect(histogram.toSparse()).toEqual(createHistogram().toSparse());
  expect(encodeHistogram(histogram)).toEqual({ hdr: "", count: 0, overflow: 0, clockErrors: 0 });
});
