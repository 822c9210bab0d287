import { expect, test } from "vitest";
import type { Disturbed } from "../../load/validity-study.ts";
import { formatDisturbances, formatLimits, formatVerdict } from "./validity-text.ts";

const trial = (what: Disturbed["disturbance"]["what"], foreignShare: number, p99: number, valid: boolean): Disturbed => ({
  disturbance: { what, amount: what === "nothing" ? "" : "2 × 50 %" },
  indicators: { foreignShare, workerElu: 0.1 },
  error: { p50: 0, p99 },
  populationError: { p50: 0, p99 },
  right: Math.abs(p99) <= 3,
  valid,
  reasons: valid ? [] : ["foreign_load"],
});
const ROWS = [
  trial("nothing", 0.01, -0.2, true),
  trial("neighbours compute", 0.12, 2, true),
  trial("neighbours compute", 0.45, 3.5, false),
  trial("neighbours compute", 0.3, 2.5, false),
];

test("a row of medians for each thing that is done, and how many trials were right and valid", () => {
  const lines = formatDisturbances(ROWS).split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/neighbours compute \| 2 × 50 % .*\| 30 % .*\| \+2\.50 .*\| 2 of 3 \| 1 of 3 \|$/);
});

test("a limit stands beside the most that did no harm and the least that did", () => {
  const row = formatLimits(ROWS)
    .split("\n")
    .find((line) => line.includes("others"));
  expect(row).toMatch(/\| 30 % +\| 45 % +\| warning above 10 %, invalid above 20 % +\|/);
});

test("what was wrong without saying so is counted, and what was right and not believed", () => {
  expect(formatVerdict([...ROWS, trial("nothing", 0.2, 0, false)])).toMatch(/\nDoubtful: in 1 trials something else used the machine/);
  expect(formatVerdict([...ROWS, trial("neighbours compute", 0.1, 9, true)])).toBe(
    "Of 2 trials whose headline was wrong 1 called themselves invalid, 1 did not.\nOf 3 trials whose headline was right 1 called themselves invalid.",
  );
});
