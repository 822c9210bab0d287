import { describe, expect, test } from "vitest";
import { bandText, changeText, intervalText, ratioText, sideText, trialsText, verdictText } from "./change-text.ts";
import type { Change } from "./comparison.ts";

const CHANGE: Change = {
  metric: "server_cpu_us_per_delivery",
  unit: "µs",
  better: "lower",
  kind: "ratio",
  band: 0.03,
  headline: true,
  verdict: "worse",
  ratio: { value: 1.214, low: 1.181, high: 1.249 },
};

test.each([
  [1, 0, "0 %"],
  [1.12, 0, "+12 %"],
  [0.88, 0, "−12 %"],
  [1.034, 0, "+3.4 %"],
  [1.0341, 0.001, "+3.41 %"],
  [1.0341, 0.02, "+3.4 %"],
  [1.0341, 0.3, "+3 %"],
  [0.9999, 0, "0 %"],
  [0.9999, 0.01, "0 %"],
  [2, 0, "×2"],
  [3.216, 0, "×3.22"],
  [0, 0, "−100 %"],
])("a ratio of %d with an interval of %d is %s", (ratio, width, text) => expect(ratioText(ratio, width)).toBe(text));

describe("a change", () => {
  test("has as many digits as its interval bears out", () => {
    expect([changeText(CHANGE), intervalText(CHANGE)]).toEqual(["+21 %", "+18 % to +25 %"]);
  });

  test("of one trial a side has no interval", () => {
    const change = { ...CHANGE, ratio: { value: 1.2 } };
    expect([changeText(change), intervalText(change)]).toEqual(["+20 %", ""]);
  });

  test("from nothing has no ratio, and that is said", () => {
    const none = { unit: "", median: 0, low: 0, high: 0, interval: "none", values: [0], total: 0 } as const;
    const { ratio: _, ...without } = CHANGE;
    expect(changeText({ ...without, base: none })).toBe("from none");
    expect(changeText(without)).toBe("–");
    expect([sideText(none), sideText(undefined)]).toEqual(["0", "–"]);
  });

  test.each([
    [{ verdict: "worse" }, "▲ worse"],
    [{ verdict: "better", ratio: { value: 0.5 } }, "▼ better"],
    [{ verdict: "better", ratio: { value: 1.5 } }, "▲ better"],
    [{ verdict: "same" }, "same"],
    [{ verdict: "unsure" }, "~"],
  ] as const)("%j is shown as %s: the arrow is the value's way", (changes, text) => {
    expect(verdictText({ ...CHANGE, ...changes })).toBe(text);
  });

  test("says how many trials would tell", () => {
    expect(trialsText({ ...CHANGE, trialsToSettle: 1234 })).toBe("1,234");
    expect(trialsText({ ...CHANGE, trialsToSettle: "none" })).toBe("no number");
    expect(trialsText(CHANGE)).toBe("");
  });
});

test("a band is as wide down as up, in logarithms", () => {
  expect([bandText(0.03), bandText(0.25), bandText(0)]).toEqual(["−2.9 % to +3.0 %", "−20 % to +25 %", "0 %"]);
});
