import { describe, expect, it } from "vitest";
import { exitCodeOf } from "./run-outcome.ts";

type Arguments = Parameters<typeof exitCodeOf>;

interface Case {
  readonly status?: string;
  readonly trials?: readonly string[];
  readonly verdicts?: readonly (readonly [verdict: string, level: string])[];
  readonly valid?: boolean;
  readonly strict?: boolean;
  readonly interrupted?: number;
  readonly noCells?: boolean;
}

function outcome({
  status = "complete",
  trials = ["complete"],
  verdicts = [],
  valid = true,
  strict = false,
  interrupted,
  noCells = false,
}: Case): number {
  const result = { record: { status }, measurements: trials.map((trial) => ({ status: trial })) } as unknown as Arguments[0];
  const thresholds = verdicts.map(([verdict, level]) => ({ verdict, level }));
  const summary = { cells: noCells ? [] : [{ thresholds, validity: { valid, reasons: [] } }] } as unknown as Arguments[1];
  return exitCodeOf(result, summary, { strict, interrupted });
}

describe("the exit code of a run", () => {
  it.each<[string, Case, number]>([
    ["everything ran and held", { verdicts: [["pass", "error"]] }, 0],
    [
      "a threshold failed",
      {
        verdicts: [
          ["pass", "error"],
          ["fail", "error"],
        ],
      },
      3,
    ],
    ["a threshold had no data", { verdicts: [["no-data", "error"]] }, 3],
    ["a threshold that only warns failed", { verdicts: [["fail", "warn"]] }, 0],
    ["a cell was invalid", { valid: false, verdicts: [["invalid", "error"]] }, 0],
    ["a cell was invalid, strictly", { valid: false, strict: true }, 4],
    ["a threshold failed, strictly, beside an invalid cell", { valid: false, strict: true, verdicts: [["fail", "error"]] }, 3],
    ["nothing ran, for nothing is available", { noCells: true }, 0],
    ["nothing ran, strictly", { noCells: true, strict: true }, 4],
    ["a trial failed", { status: "failed", trials: ["complete", "failed"] }, 5],
    ["a trial failed and so did a threshold", { trials: ["failed"], verdicts: [["no-data", "error"]] }, 5],
    ["interrupted", { status: "partial", interrupted: 130, trials: ["failed"] }, 130],
    ["terminated", { status: "partial", interrupted: 143 }, 143],
  ])("%s", (_name, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });
});
