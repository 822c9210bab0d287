/**
 * The account of every message (METHOD R7): for each subscriber what it was to get, got, got twice, got out of order, got damaged.
 *
 * A subscriber that receives in order costs three typed-array updates a message; what is missing is kept as ranges, which exist only
 * while something is missing.
 */
import type { LedgerCounts } from "./measurement.ts";

/** Sequence numbers a topic was given: all of them, and those due in the measured window; a range is empty when `last < first`. */
export interface PublishedRange {
  readonly first: number;
  readonly last: number;
}

export interface TopicPublished {
  readonly whole: PublishedRange;
  readonly window: PublishedRange;
  /** Of the window, those due in each of its phases; absent where one rate holds throughout. */
  readonly phases?: readonly PublishedRange[];
}

export type Receipt = "unique" | "duplicate" | "late";

export interface Ledger {
  /**
   * The subscriber's first message will be `next`; what came before was not its to get. Where nobody says so, it is counted from its
   * first delivery on, and one that never gets any was to get everything. Of one that comes back the account goes on: what it missed
   * meanwhile, and is not told after all, is lost.
   */
  hello(subscriber: number, next: number | undefined): void;
  /** One undamaged message; `unique` is the receipt that a latency is recorded for. */
  receive(subscriber: number, sequence: number, inWindow: boolean): Receipt;
  /** One damaged message; its due time cannot be trusted, so the window is that of its arrival. */
  corrupt(inWindow: boolean): void;
  /** The drain deadline has passed: what still comes is late. */
  close(): void;
  /** True when every subscriber has all that its topic was given. */
  isComplete(published: (subscriber: number) => TopicPublished): boolean;
  /** Totals over all subscribers, `published` left 0: the publisher knows it. */
  totals(published: (subscriber: number) => TopicPublished): Totals;
  /** What all subscribers were to get of one range of the numbers that their topics were given. */
  expected(range: (subscriber: number) => PublishedRange | undefined): number;
}

export interface Totals {
  readonly window: LedgerCounts;
  readonly whole: LedgerCounts;
  /** Subscribers that were to get something and got nothing at all. */
  readonly silent: number;
}

/** Numbers in a row that were skipped, inclusive. */
interface Gap {
  first: number;
  last: number;
}

interface Anomalies {
  duplicated: number;
  reordered: number;
  late: number;
}

/** A ledger for subscribers 0 … `subscribers` − 1. */
export function createLedger(subscribers: number): Ledger {
  /** 0 until the hello, or until the first delivery where the hello said nothing. */
  const next = new Float64Array(subscribers);
  /** Set where the first delivery says what is counted. */
  const fromFirst = new Uint8Array(subscribers);
  const highest = new Float64Array(subscribers);
  const unique = new Float64Array(subscribers);
  const uniqueInWindow = new Float64Array(subscribers);
  const gaps = new Map<number, Gap[]>();
  const whole: Anomalies = { duplicated: 0, reordered: 0, late: 0 };
  const window: Anomalies = { duplicated: 0, reordered: 0, late: 0 };
  let corrupted = 0;
  let corruptedInWindow = 0;
  let closed = false;

  /** Takes `sequence` out of what is missing; false when it was not missing. */
  function fill(subscriber: number, sequence: number): boolean {
    const missing = gaps.get(subscriber);
    const at = missing?.findIndex((gap) => sequence >= gap.first && sequence <= gap.last) ?? -1;
    if (missing === undefined || at < 0) return false;
    const gap = missing[at]!;
    if (gap.first === gap.last) missing.splice(at, 1);
    else if (sequence === gap.first) gap.first++;
    else if (sequence === gap.last) gap.last--;
    else {
      missing.splice(at, 1, { first: gap.first, last: sequence - 1 }, { first: sequence + 1, last: gap.last });
    }
    if (missing.length === 0) gaps.delete(subscriber);
    return true;
  }

  /** What is counted begins with `sequence`, or reaches back to it where that was delivered out of order. */
  function begin(subscriber: number, sequence: number): void {
    const first = next[subscriber]!;
    if (first !== 0 && sequence >= first) return;
    next[subscriber] = sequence;
    if (first === 0) highest[subscriber] = sequence - 1;
    else gaps.set(subscriber, [{ first: sequence, last: first - 1 }, ...(gaps.get(subscriber) ?? [])]);
  }

  function note(kind: keyof Anomalies, inWindow: boolean): void {
    whole[kind]++;
    if (inWindow) window[kind]++;
  }

  return {
    hello(subscriber, first) {
      if (first === undefined) {
        fromFirst[subscriber] = 1;
        return;
      }
      if (next[subscriber] !== 0) return;
      next[subscriber] = first;
      highest[subscriber] = first - 1;
    },

    receive(subscriber, sequence, inWindow) {
      if (fromFirst[subscriber] === 1 && !closed) begin(subscriber, sequence);
      const expected = highest[subscriber]! + 1;
      if (sequence >= expected) {
        if (closed) {
          note("late", inWindow);
          return "late";
        }
        if (sequence > expected) {
          const missing = gaps.get(subscriber);
          if (missing === undefined) gaps.set(subscriber, [{ first: expected, last: sequence - 1 }]);
          else missing.push({ first: expected, last: sequence - 1 });
        }
        highest[subscriber] = sequence;
      } else {
        // Below the subscriber's first message, or seen before, or out of order.
        if (sequence < next[subscriber]! || !fill(subscriber, sequence)) {
          note("duplicated", inWindow);
          return "duplicate";
        }
        if (closed) {
          note("late", inWindow);
          return "late";
        }
        note("reordered", inWindow);
      }
      unique[subscriber]!++;
      if (inWindow) uniqueInWindow[subscriber]!++;
      return "unique";
    },

    corrupt(inWindow) {
      corrupted++;
      if (inWindow) corruptedInWindow++;
    },

    close() {
      closed = true;
    },

    isComplete(published) {
      for (let s = 0; s < subscribers; s++) {
        if (next[s] === 0 && fromFirst[s] === 0) return false;
        if (unique[s]! < size(published(s).whole, next[s]!)) return false;
      }
      return true;
    },

    totals(published) {
      let expected = 0;
      let expectedInWindow = 0;
      let delivered = 0;
      let deliveredInWindow = 0;
      let silent = 0;
      for (let s = 0; s < subscribers; s++) {
        const topic = published(s);
        // One that never got its hello was to get everything.
        const own = size(topic.whole, next[s]!);
        expected += own;
        if (own > 0 && unique[s] === 0) silent++;
        expectedInWindow += size(topic.window, next[s]!);
        delivered += unique[s]!;
        deliveredInWindow += uniqueInWindow[s]!;
      }
      return {
        window: counts(expectedInWindow, deliveredInWindow, window, corruptedInWindow),
        whole: counts(expected, delivered, whole, corrupted),
        silent,
      };
    },

    expected(range) {
      let expected = 0;
      for (let s = 0; s < subscribers; s++) expected += size(range(s) ?? NOTHING, next[s]!);
      return expected;
    },
  };
}

const NOTHING: PublishedRange = { first: 1, last: 0 };

/** Numbers of a range that a subscriber whose first message is `next` was to get. */
function size(range: PublishedRange, next: number): number {
  return Math.max(0, range.last - Math.max(range.first, next) + 1);
}

function counts(expected: number, delivered: number, anomalies: Anomalies, corrupt: number): LedgerCounts {
  return { published: 0, expected, delivered, lost: expected - delivered, ...anomalies, corrupt };
}

/** The sum of several workers' counts; `published` is the publisher's. */
export function sumCounts(published: number, shards: readonly LedgerCounts[]): LedgerCounts {
  const sum = (pick: (c: LedgerCounts) => number): number => shards.reduce((total, shard) => total + pick(shard), 0);
  return {
    published,
    expected: sum((c) => c.expected),
    delivered: sum((c) => c.delivered),
    lost: sum((c) => c.lost),
    duplicated: sum((c) => c.duplicated),
    reordered: sum((c) => c.reordered),
    late: sum((c) => c.late),
    corrupt: sum((c) => c.corrupt),
  };
}
