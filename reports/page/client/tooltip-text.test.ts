import { expect, it } from "vitest";
import type { AxisWords } from "./axis-words.ts";
import { tooltipText } from "./tooltip-text.ts";

const WORDS: AxisWords = {
  title: (dimension) => (dimension === "x" ? "percentile" : "delivery latency, ms (log)"),
  label: (dimension, value) => (dimension === "x" ? `p${100 * (1 - 10 ** -value)}` : String(value)),
};

it("says server and figures in the words of the axes, and nothing of what only places a mark", () => {
  const datum = { server: "sse-node", line: 3, main: true, x: 2, y: 1234.5678, _vgsid_: 9, phase: "spike", p50: 2.345_67, box: {} };
  expect(tooltipText(datum, WORDS)).toEqual(["sse-node", "percentile: p99", "delivery latency, ms: 1,235", "phase: spike", "p50: 2.35"]);
});

it("says nothing of a place on an axis without a title", () => {
  expect(tooltipText({ x: 1, y: 2 }, { ...WORDS, title: () => undefined })).toEqual([]);
});
