import { describe, expect, it } from "vitest";
import { compare, EXACT, formatTable, median, missing } from "./row.ts";
import type { Bound } from "./row.ts";

const BYTES = { figure: "bytes down", unit: "B", tool: "ss" };

describe("a comparison", () => {
  it.each<[ours: number, theirs: number, bound: Bound, verdict: string]>([
    [1000, 1000, EXACT, "agrees"],
    [1001, 1000, EXACT, "differs"],
    [Number.NaN, 1000, EXACT, "differs"],
    [1000, Number.NaN, { within: { share: 1 } }, "differs"],
    [1010, 1000, { within: { share: 0.01 } }, "agrees"],
    [989, 1000, { within: { share: 0.01 } }, "differs"],
    // The wider of two bounds holds: a share of little is nothing.
    [1.5, 1, { within: { share: 0.02, absolute: 1 } }, "agrees"],
    [102, 100, { within: { share: 0.02, absolute: 1 } }, "agrees"],
    [800, 1000, { atLeast: 0.8 }, "agrees"],
    [799, 1000, { atLeast: 0.8 }, "differs"],
    [5000, 1000, { atLeast: 0.8 }, "agrees"],
    [Number.NaN, 1000, { atLeast: 0.8 }, "differs"],
  ])("of %d with %d, allowed %j: %s", (ours, theirs, bound, verdict) => {
    expect(compare(BYTES, ours, theirs, bound).verdict).toBe(verdict);
  });

  it("of a measurement that doubts itself is undecided where it differs, and agrees where it agrees", () => {
    expect(compare(BYTES, 999, 1000, EXACT, "too busy")).toMatchObject({ verdict: "undecided", note: "too busy" });
    expect(compare(BYTES, 1000, 1000, EXACT, "too busy").verdict).toBe("agrees");
  });

  it("says what was allowed", () => {
    expect(compare(BYTES, 1, 1, EXACT).allowed).toBe("none");
    expect(compare(BYTES, 1, 1, { atLeast: 0.8 }).allowed).toBe("≥ 80 % of it");
    expect(compare({ ...BYTES, unit: "ms" }, 1, 1, { within: { share: 0.02, absolute: 1 } }).allowed).toBe("± 2 % or ± 1 ms");
  });
});

describe("the table", () => {
  it("shows both figures, how far they lie apart, and what is missing, in columns of one width", () => {
    const table = formatTable([
      compare(BYTES, 123_456, 123_456, EXACT),
      compare({ figure: "latency p50", unit: "ms", tool: "ws" }, 1.23456, 1, { within: { share: 0.02 } }, "generator busy"),
      missing({ figure: "requests", unit: "1/s", tool: "wrk" }, "apt install wrk"),
    ]);
    const lines = table.split("\n");
    expect(lines[2]).toMatch(/^\| bytes down, B +\| 123456 +\| ss +\| 123456 +\| 0 +\| none +\| agrees +\|$/);
    expect(lines[3]).toMatch(/\| 1\.235 +\| ws +\| 1 +\| \+23 % +\| ± 2 % +\| undecided: generator busy +\|$/);
    expect(lines[4]).toMatch(/\| missing: apt install wrk +\|$/);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  });
});

it("the median is the one in the middle, whatever the order", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([])).toBeNaN();
});
