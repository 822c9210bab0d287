import { describe, expect, it } from "vitest";
import { counted, factorText, figureText, plainNumber } from "./figure-text.ts";
import type { Spread } from "./statistics.ts";

describe("figureText", () => {
  it.each<[Spread, number, unknown]>([
    [{ median: 4.2345, low: 4.1, high: 4.41, interval: "range" }, 1, { value: "4.2", low: "4.1", high: "4.4" }],
    [{ median: 4.2345, low: 4.23, high: 4.239, interval: "95%" }, 1, { value: "4.235", low: "4.230", high: "4.239" }],
    [{ median: 1234.5, low: 1100, high: 1300, interval: "95%" }, 1, { value: "1,235", low: "1,100", high: "1,300" }],
    [{ median: 4, low: 2, high: 9, interval: "range" }, 1, { value: "4", low: "2", high: "9" }],
    [{ median: 0, low: 0, high: 0, interval: "range" }, 1, { value: "0", low: "0", high: "0" }],
    [{ median: 3 * 2 ** 20, low: 2 ** 20, high: 5 * 2 ** 20, interval: "range" }, 2 ** 20, { value: "3", low: "1", high: "5" }],
  ])("writes %j / %d in the digits its width bears out", (spread, divisor, expected) => {
    expect(figureText(spread, divisor)).toEqual(expected);
  });

  it("gives one trial three digits and no interval", () => {
    expect(figureText({ median: 4.23456, low: 4.23456, high: 4.23456, interval: "none" })).toEqual({ value: "4.23" });
  });
});

it.each([
  [0, "0"],
  [-0, "0"],
  [0.0012345, "0.0012"],
  [12.345, "12.3"],
  [123.45, "123"],
  [20_000, "20,000"],
])("plainNumber(%d) is %s", (value, expected) => {
  expect(plainNumber(value)).toBe(expected);
});

it.each([
  [1, ""],
  [1.004, ""],
  [1.04, "×1.04"],
  [1.26, "×1.3"],
  [9.96, "×10"],
  [1234.4, "×1,234"],
])("factorText(%d) is %j", (factor, expected) => {
  expect(factorText(factor)).toBe(expected);
});

it("counts with the right noun", () => {
  expect([counted(0, "trial"), counted(1, "trial"), counted(1_200, "trial")]).toEqual(["0 trials", "1 trial", "1,200 trials"]);
});
