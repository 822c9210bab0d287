import { expect, test } from "vitest";
import { encodeHistogram } from "./hdr.ts";
import { createHistogram } from "./histogram.ts";
import type { Measurement } from "./measurement.ts";
import { compare, disturbances } from "./validity-study.ts";
import type { Disturbance } from "./validity-study.ts";

const QUIET: Disturbance = { what: "nothing", amount: "" };
const PROBES: Disturbance = { what: "the probes compute", amount: "0.2 ms a message", busy: { role: "probes", ms: 0.2 } };

/** A trial in which every message took as long. */
function took(ms: number, disturbance: Disturbance, { valid = true, foreign = 0 } = {}) {
  const histogram = createHistogram();
  histogram.record(ms * 1e6, 1000);
  const encoded = encodeHistogram(histogram);
  const measurement = {
    histograms: { delivery: encoded, population: encoded, publish_lag: encoded },
    metrics: { host_foreign_cpu: foreign },
    scenario: { durationMs: 3000 },
    generator: [
      { role: "probes", elu: 0.1, turnMs: { p50: 1, p99: 2, max: 3 }, runqWaitMs: 300 },
      { role: "subscribers", elu: 0.3, runqWaitMs: 900 },
    ],
    validity: { valid, reasons: valid ? [] : [{ code: "probes_queue", severity: "invalid", message: "", advice: "" }] },
  } as unknown as Measurement;
  return { disturbance, measurement };
}

test("an error is what a trial has beyond the undisturbed ones, and wrong where it passes what the selftest allows", () => {
  const rows = compare([took(2, QUIET), took(2, QUIET), took(9, QUIET), took(2.9, PROBES), took(5.5, PROBES, { valid: false })]);
  expect(rows.map(({ error }) => Math.round(error.p50 * 10) / 10)).toEqual([0, 0, 7, 0.9, 3.5]);
  expect(rows.map(({ right }) => right)).toEqual([true, true, false, true, false]);
  expect(rows.map(({ reasons }) => reasons.join(", "))).toEqual(["", "", "", "", "probes_queue"]);
});

test("the indicators are those of the processes that the rules ask", () => {
  const [row] = compare([took(2, QUIET)]);
  expect(row!.indicators).toMatchObject({ probeElu: 0.1, probeTurnMs: 2, workerElu: 0.3, foreignShare: 0, runqShare: 0.1 });
  expect(row!.indicators.lagMs).toBeCloseTo(2, 1);
});

test("every kind is tried from little to much, each beside undisturbed trials", () => {
  const kinds = disturbances(4).map(({ what }) => what);
  expect(new Set(kinds).size).toBe(4);
  expect(kinds.filter((what) => what === "nothing").length).toBeGreaterThanOrEqual(3);
  expect(disturbances(4).flatMap(({ neighbours }) => neighbours ?? [])).toContainEqual({ count: 4, share: 1 });
});
