import { describe, expect, it } from "vitest";
import { numberIn, sortedOrder } from "./sort-value.ts";

describe("the number in a cell", () => {
  it.each([
    ["1,234.5", 1234.5],
    ["2.61 [2.5–2.7] ×1.3", 2.61],
    ["−3.2 %", -3.2],
    ["+12 % (+8 to +16)", 12],
    ["< 0.1", 0.1],
    ["2,000 invalid", 2000],
    ["20–80", undefined],
    ["1.5e3", 1500],
    ["0", 0],
    ["2026-01-15 00:00", undefined],
    ["03:15", undefined],
    ["1.2.3", undefined],
    ["p99.9", undefined],
    ["–", undefined],
    ["12,34", undefined],
  ])("%s is %s", (text, number) => expect(numberIn(text)).toBe(number));
});

describe("a column's order", () => {
  const sorted = (texts: readonly string[], direction: "asc" | "desc") => sortedOrder(texts, direction).map((at) => texts[at]);

  it("is by number, thousands and intervals included, what is missing last either way", () => {
    const texts = ["1,200", "–", "9.5 [9–10]", "−4", "no count"];
    expect(sorted(texts, "asc")).toEqual(["−4", "9.5 [9–10]", "1,200", "–", "no count"]);
    expect(sorted(texts, "desc")).toEqual(["1,200", "9.5 [9–10]", "−4", "–", "no count"]);
  });

  it("is by text where most are no numbers, digits in it counting as numbers", () => {
    expect(sorted(["level 10", "level 9", "", "7"], "asc")).toEqual(["7", "level 9", "level 10", ""]);
  });

  it("leaves equal cells in their order", () => {
    expect(sortedOrder(["1", "1", "0", "1"], "asc")).toEqual([2, 0, 1, 3]);
    expect(sortedOrder(["1", "1", "2", "1"], "desc")).toEqual([2, 0, 1, 3]);
  });
});
