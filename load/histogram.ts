/**
 * Latency histograms in HdrHistogram's layout (1 ns to 1 h, three significant digits), recorded into a preallocated typed array.
 *
 * The bucket arithmetic is that of http://hdrhistogram.org: 2,048 linear sub-buckets, the upper half of them repeated at each doubling.
 * Storing and reading stand apart in `hdr.ts`, so that no worker loads the library they need.
 */

/** Largest value that has a bucket: one hour, in ns. */
export const MAX_NS = 3_600_000_000_000;

const SUB_BUCKETS = 2048;
const HALF = SUB_BUCKETS / 2;
/** log2(SUB_BUCKETS): values below it have a bucket each. */
const LINEAR_BITS = 11;
export const SLOTS = bucketOf(MAX_NS) + 1;

/** What a worker sends each second: pairs of slot and count, since the last one. */
export interface SparseCounts {
  readonly pairs: readonly number[];
  readonly overflow: number;
  readonly clockErrors: number;
}

export interface Histogram {
  readonly count: number;
  readonly overflow: number;
  readonly clockErrors: number;
  /** Counts a value in ns, once unless said; a negative or over-range one goes to its own counter. */
  record(ns: number, times?: number): void;
  /** The same, of a value whose slot is known: what goes into two histograms is looked up once. */
  recordSlot(slot: number, times?: number): void;
  add(other: Histogram | SparseCounts): void;
  /** Largest value equivalent to the one at quantile `q` in (0, 1], in ns; `undefined` when empty. */
  quantile(q: number): number | undefined;
  /** Slots in use, lowest value first, as `[low, high, count]` with inclusive bounds in ns. */
  buckets(): (readonly [low: number, high: number, count: number])[];
  toSparse(): SparseCounts;
  reset(): void;
}

export function createHistogram(): Histogram {
  return new TypedHistogram();
}

/** Where a value in ns is counted: -1 for a negative one, {@link SLOTS} for one over range. */
export function slotOf(ns: number): number {
  if (ns < 0) return -1;
  return ns > MAX_NS ? SLOTS : bucketOf(ns);
}

/** A class, for `record` runs once a delivery: as closures it was no faster and each histogram carried its own functions. */
class TypedHistogram implements Histogram {
  readonly #counts = new Uint32Array(SLOTS);
  #lowest = SLOTS;
  #highest = -1;
  count = 0;
  overflow = 0;
  clockErrors = 0;

  record(ns: number, times = 1): void {
    this.recordSlot(slotOf(ns), times);
  }

  recordSlot(slot: number, times = 1): void {
    if (slot < 0) this.clockErrors += times;
    else if (slot >= SLOTS) this.overflow += times;
    else this.#put(slot, times);
  }

  #put(slot: number, times: number): void {
    this.#counts[slot]! += times;
    this.count += times;
    if (slot < this.#lowest) this.#lowest = slot;
    if (slot > this.#highest) this.#highest = slot;
  }

  add(other: Histogram | SparseCounts): void {
    const { pairs } = "pairs" in other ? other : other.toSparse();
    for (let i = 0; i < pairs.length; i += 2) this.#put(pairs[i]!, pairs[i + 1]!);
    this.overflow += other.overflow;
    this.clockErrors += other.clockErrors;
  }

  quantile(q: number): number | undefined {
    if (this.count === 0) return undefined;
    const wanted = Math.max(1, Math.ceil(q * this.count - 1e-9));
    let seen = 0;
    for (let slot = this.#lowest; slot <= this.#highest; slot++) {
      seen += this.#counts[slot]!;
      if (seen >= wanted) return highOf(slot);
    }
    return highOf(this.#highest);
  }

  buckets(): (readonly [number, number, number])[] {
    const rows: (readonly [number, number, number])[] = [];
    for (let slot = this.#lowest; slot <= this.#highest; slot++) {
      const count = this.#counts[slot]!;
      if (count > 0) rows.push([lowOf(slot), highOf(slot), count]);
    }
    return rows;
  }

  toSparse(): SparseCounts {
    const pairs: number[] = [];
    for (let slot = this.#lowest; slot <= this.#highest; slot++) {
      const count = this.#counts[slot]!;
      if (count > 0) pairs.push(slot, count);
    }
    return { pairs, overflow: this.overflow, clockErrors: this.clockErrors };
  }

  reset(): void {
    if (this.#highest >= 0) this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#lowest = SLOTS;
    this.#highest = -1;
    this.count = this.overflow = this.clockErrors = 0;
  }
}

/** Slot of a value in [0, MAX_NS]; `Math.clz32` serves up to 2³², the quotient above it. */
function bucketOf(ns: number): number {
  if (ns < SUB_BUCKETS) return ns | 0;
  const bits = ns < 0x1_0000_0000 ? 32 - Math.clz32(ns) : 64 - Math.clz32(ns / 0x1_0000_0000);
  const shift = bits - LINEAR_BITS;
  const mantissa = shift < 20 && ns < 0x8000_0000 ? (ns | 0) >> shift : Math.floor(ns / 2 ** shift);
  return shift * HALF + mantissa;
}

function lowOf(slot: number): number {
  if (slot < SUB_BUCKETS) return slot;
  const shift = Math.floor(slot / HALF) - 1;
  return (slot - shift * HALF) * 2 ** shift;
}

function highOf(slot: number): number {
  return lowOf(slot + 1) - 1;
}
