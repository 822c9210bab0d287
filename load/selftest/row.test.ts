import { expect, test } from "vitest";
import type { Measurement } from "../measurement.ts";
import { comesOutWrong, exactly, says, within } from "./row.ts";

const HEAD = { server: "sse-node", fault: "a fault" };
const VALID = { status: "complete", validity: { valid: true, reasons: [] } } as unknown as Measurement;
const DOUBTFUL = {
  status: "complete",
  validity: { valid: false, reasons: [{ code: "publisher_late", severity: "invalid", message: "the publisher was late", advice: "" }] },
} as unknown as Measurement;
const FAILED = {
  status: "failed",
  failure: { kind: "target", message: "it died" },
  validity: { valid: false, reasons: [] },
} as unknown as Measurement;

test("a figure holds up to what is allowed on either side, and no further", () => {
  const row = (reported: number | undefined) =>
    within(HEAD, { metric: "m", unit: "ms", injected: 100, allowed: 2, ...(reported === undefined ? {} : { reported }) }, VALID).verdict;
  expect([98, 102].map(row)).toEqual(["holds", "holds"]);
  expect([97.9, 102.1, NaN, undefined].map(row)).toEqual(["fails", "fails", "fails", "fails"]);
});

test("a count holds where it is the same", () => {
  expect(exactly(HEAD, "m", "", 7, 7, VALID).verdict).toBe("holds");
  expect(exactly(HEAD, "m", "", 7, 8, VALID).verdict).toBe("fails");
});

test("what is wrong in a measurement that distrusts itself is no wrong figure, and says why", () => {
  expect(exactly(HEAD, "m", "", 7, 8, DOUBTFUL)).toMatchObject({ verdict: "invalid", note: "the publisher was late" });
  expect(exactly(HEAD, "m", "", 7, 7, DOUBTFUL).verdict).toBe("holds");
});

test("a trial that failed fails its figures, with its reason", () => {
  expect(exactly(HEAD, "m", "", 7, undefined, FAILED)).toMatchObject({ verdict: "fails", note: "it died" });
});

test("a reason that must be given holds where it stands among them", () => {
  expect(says(HEAD, "publisher_late", DOUBTFUL)).toMatchObject({ verdict: "holds", reported: "publisher_late" });
  expect(says(HEAD, "probe_saturated", DOUBTFUL)).toMatchObject({ verdict: "fails", reported: "publisher_late" });
  expect(says(HEAD, "probe_saturated", VALID)).toMatchObject({ verdict: "fails", reported: "nothing" });
  expect(says(HEAD, "probe_saturated", FAILED)).toMatchObject({ verdict: "fails", reported: "nothing", note: "it died" });
  // What a machine that was busy with something else did not show is looked for again.
  const [reason] = DOUBTFUL.validity.reasons;
  const disturbed = { ...DOUBTFUL, validity: { valid: false, reasons: [{ ...reason!, code: "foreign_load" }] } };
  expect(says(HEAD, "probe_saturated", disturbed)).toMatchObject({ verdict: "invalid", reported: "foreign_load", note: reason!.message });
  expect(says(HEAD, "foreign_load", disturbed)).toMatchObject({ verdict: "holds" });
  const noticed = { ...DOUBTFUL, validity: { valid: true, reasons: [{ ...reason!, code: "foreign_load", severity: "warning" as const }] } };
  expect(says(HEAD, "probe_saturated", noticed)).toMatchObject({ verdict: "fails" });
});

test("a method that hides the fault holds where it is wrong", () => {
  const row = (reported: number) => comesOutWrong(HEAD, { metric: "p99", unit: "ms", injected: 450, reported, allowed: 13 }).verdict;
  expect([1, 449].map(row)).toEqual(["holds", "fails"]);
});
