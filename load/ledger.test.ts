import { expect, test } from "vitest";
import { createLedger, sumCounts } from "./ledger.ts";
import { seededRandom, shuffled } from "./random.ts";

const published =
  (last: number, windowFirst = 1, windowLast = last) =>
  () => ({
    whole: { first: 1, last },
    window: { first: windowFirst, last: windowLast },
  });

test("in order, nothing is amiss", () => {
  const ledger = createLedger(2);
  for (const s of [0, 1]) {
    ledger.hello(s, 1);
    for (let n = 1; n <= 10; n++) expect(ledger.receive(s, n, n > 4)).toBe("unique");
  }
  expect(ledger.isComplete(published(10))).toBe(true);
  const { whole, window } = ledger.totals(published(10, 5));
  expect(whole).toEqual({ published: 0, expected: 20, delivered: 20, lost: 0, duplicated: 0, reordered: 0, late: 0, corrupt: 0 });
  expect(window).toMatchObject({ expected: 12, delivered: 12, lost: 0 });
});

test("every hundredth message dropped is exactly one percent lost", () => {
  const ledger = createLedger(7);
  for (let s = 0; s < 7; s++) {
    ledger.hello(s, 1);
    for (let n = 1; n <= 10_000; n++) if (n % 100 !== 0) ledger.receive(s, n, true);
  }
  const { whole } = ledger.totals(published(10_000));
  expect(whole).toMatchObject({ expected: 70_000, delivered: 69_300, lost: 700, duplicated: 0, reordered: 0 });
  expect(whole.lost / whole.expected).toBe(0.01);
});

test.each([
  ["what it missed is lost", 9, { delivered: 7, lost: 3, duplicated: 0 }],
  ["what it is told after all is delivered", 6, { delivered: 10, lost: 0, duplicated: 0 }],
  ["what it is told again is a duplicate", 4, { delivered: 10, lost: 0, duplicated: 2 }],
])("of one that comes back %s", (_, next, counts) => {
  const ledger = createLedger(1);
  ledger.hello(0, 1);
  for (let n = 1; n <= 5; n++) ledger.receive(0, n, true);
  ledger.hello(0, next);
  for (let n = next; n <= 10; n++) ledger.receive(0, n, true);
  expect(ledger.totals(published(10)).whole).toMatchObject({ expected: 10, reordered: 0, ...counts });
});

test("swaps are reordered, repeats are duplicates, each counted once", () => {
  const ledger = createLedger(1);
  ledger.hello(0, 1);
  const receipts = [1, 3, 2, 2, 4, 4, 7, 6, 5, 1].map((n) => ledger.receive(0, n, true));
  expect(receipts.filter((r) => r === "unique")).toHaveLength(7);
  expect(ledger.totals(published(7)).whole).toMatchObject({ expected: 7, delivered: 7, lost: 0, duplicated: 3, reordered: 3 });
});

test("any order of any messages is accounted for", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = seededRandom(seed);
    const sent = Array.from({ length: 40 }, (_, i) => i + 1);
    const kept = sent.filter(() => random() < 0.8);
    const doubled = kept.filter(() => random() < 0.2);
    const ledger = createLedger(1);
    ledger.hello(0, 1);
    let highest = 0;
    const seen = new Set<number>();
    let reordered = 0;
    for (const n of shuffled([...kept, ...doubled], random)) {
      if (!seen.has(n) && n < highest) reordered++;
      highest = Math.max(highest, n);
      seen.add(n);
      ledger.receive(0, n, true);
    }
    expect(ledger.totals(published(40)).whole, `seed ${seed}`).toMatchObject({
      expected: 40,
      delivered: kept.length,
      lost: 40 - kept.length,
      duplicated: doubled.length,
      reordered,
    });
    expect(ledger.isComplete(published(40))).toBe(kept.length === 40);
  }
});

test("what was published before the hello was not to be had", () => {
  const ledger = createLedger(1);
  ledger.hello(0, 6);
  for (let n = 6; n <= 10; n++) ledger.receive(0, n, true);
  expect(ledger.totals(published(10, 3)).window).toMatchObject({ expected: 5, delivered: 5, lost: 0 });
});

test("a subscriber without a hello was to get everything", () => {
  const ledger = createLedger(1);
  expect(ledger.isComplete(published(3))).toBe(false);
  expect(ledger.totals(published(3)).whole).toMatchObject({ expected: 3, delivered: 0, lost: 3 });
});

test("after the drain deadline a message is late, and stays lost", () => {
  const ledger = createLedger(1);
  ledger.hello(0, 1);
  ledger.receive(0, 1, true);
  ledger.receive(0, 3, true);
  ledger.close();
  expect(ledger.receive(0, 2, true)).toBe("late");
  expect(ledger.receive(0, 4, true)).toBe("late");
  expect(ledger.receive(0, 4, false)).toBe("late");
  expect(ledger.totals(published(4)).whole).toMatchObject({ expected: 4, delivered: 2, lost: 2, late: 3, reordered: 0 });
});

test("damaged messages are counted by the moment they came, and are lost besides", () => {
  const ledger = createLedger(1);
  ledger.hello(0, 1);
  ledger.corrupt(false);
  ledger.corrupt(true);
  const { window, whole } = ledger.totals(published(2, 2));
  expect(whole).toMatchObject({ corrupt: 2, lost: 2 });
  expect(window).toMatchObject({ corrupt: 1, lost: 1 });
});

test("shards add up", () => {
  const shard = { published: 0, expected: 5, delivered: 4, lost: 1, duplicated: 1, reordered: 2, late: 1, corrupt: 3 };
  expect(sumCounts(9, [shard, shard])).toEqual({
    published: 9,
    expected: 10,
    delivered: 8,
    lost: 2,
    duplicated: 2,
    reordered: 4,
    late: 2,
    corrupt: 6,
  });
});

test("where nobody says what comes first, it is counted from the first delivery on", () => {
  const ledger = createLedger(3);
  for (const s of [0, 1, 2]) ledger.hello(s, undefined);
  // The first has missed what came before it listened, and one later; the second gets its first two the wrong way round; the third none.
  for (const n of [4, 5, 7]) expect(ledger.receive(0, n, n > 4)).toBe("unique");
  for (const n of [3, 1, 1, 4, 5, 6, 7]) ledger.receive(1, n, n > 4);
  expect(ledger.isComplete(published(7))).toBe(false);
  expect(ledger.totals(published(7, 5)).whole).toMatchObject({
    expected: 4 + 7 + 7,
    delivered: 3 + 6,
    lost: 1 + 1 + 7,
    reordered: 1,
    duplicated: 1,
  });
  expect(ledger.totals(published(7, 5)).silent).toBe(1);
  expect(ledger.totals(published(0)).silent).toBe(0);
  expect(ledger.totals(published(7, 5)).window).toMatchObject({ expected: 9, delivered: 5, lost: 4 });
  ledger.receive(1, 2, false);
  expect(ledger.totals(published(7, 5)).whole).toMatchObject({ delivered: 10, lost: 8, reordered: 2, duplicated: 1 });
});

test("where nobody says what comes first, a topic on which nothing was published is complete, and what comes too late begins nothing", () => {
  const ledger = createLedger(1);
  ledger.hello(0, undefined);
  expect(ledger.isComplete(published(0))).toBe(true);
  ledger.close();
  expect(ledger.receive(0, 5, true)).toBe("late");
  expect(ledger.totals(published(5)).whole).toMatchObject({ expected: 5, delivered: 0, lost: 5, late: 1 });
});
