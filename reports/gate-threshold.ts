/** A saved run, held against the thresholds of its suite again: the same report that two versions get. */
import { METRICS } from "../load/metric.ts";
import { plainNumber } from "./figure-text.ts";
import { GATE_REPORT_SCHEMA_VERSION, verdictOf } from "./gate-report.ts";
import type { GateCheck, GateRemark, GateReport, GateVerdict } from "./gate-report.ts";
import type { Cell, Summary } from "./summary.ts";
import { thresholdText } from "./threshold.ts";
import type { ThresholdResult } from "./threshold.ts";

const VERDICT_OF = { pass: "pass", fail: "fail", "no-data": "fail", invalid: "invalid" } as const satisfies Record<
  ThresholdResult["verdict"],
  GateVerdict
>;

/**
 * A check a threshold and cell. Without data it has failed, and on an invalid cell nothing passes; a threshold of level `warn` is shown and is
 * no part of the verdict. A run that was not made to its end has not held what was asked of it.
 */
export function judgeSavedThresholds(summary: Summary): GateReport {
  const checks = summary.cells.flatMap((cell) => cell.thresholds.map((result) => checkOf(cell, result)));
  const remarks = runRemarks(summary, checks);
  return {
    schemaVersion: GATE_REPORT_SCHEMA_VERSION,
    kind: "threshold",
    verdict: verdictOf(checks, remarks),
    suite: summary.suite,
    checks,
    remarks,
  };
}

function checkOf({ server, scenario, validity }: Cell, result: ThresholdResult): GateCheck {
  const { metric, level, verdict, values } = result;
  const seen = values.length === 0 ? "no trial has a value" : values.map((value) => plainNumber(value)).join(", ");
  const spoilt = validity.reasons.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
  const findings = {
    pass: `${thresholdText(result)} holds (${seen})`,
    fail: `${thresholdText(result)} does not hold (${seen})`,
    "no-data": `${thresholdText(result)} has no data: ${values.length === 0 ? seen : `some trials have none (${seen})`}`,
    invalid: `${thresholdText(result)} cannot be judged (${seen})`,
  };
  return {
    server,
    scenario,
    metric,
    unit: METRICS.get(metric)?.unit ?? "",
    verdict: VERDICT_OF[verdict],
    ...(level === "warn" ? { advisory: true as const } : {}),
    finding: findings[verdict],
    notes: verdict === "invalid" ? spoilt : [],
    evidence: { kind: "threshold", result },
  };
}

function runRemarks({ status, trials, skipped, unavailable, cells }: Summary, checks: readonly GateCheck[]): GateRemark[] {
  const missing = trials.planned - trials.saved - skipped.length;
  const unchecked = cells.filter(({ validity, thresholds }) => !validity.valid && thresholds.length === 0);
  const invalid = (text: string): GateRemark => ({ verdict: "invalid", text });
  return [
    ...(status === "complete" ? [] : [invalid(`the run is ${status}: ${trials.saved} of ${trials.planned} trials were saved`)]),
    ...(status === "complete" && missing > 0 ? [invalid(`${missing} of ${trials.planned} trials are missing`)] : []),
    ...(checks.length === 0 ? [invalid("no threshold was checked: the suite sets none, or none for these servers")] : []),
    ...unchecked.map(({ server, scenario, validity }) =>
      invalid(
        `${server} · ${scenario} is invalid: ${validity.reasons.find(({ severity }) => severity === "invalid")?.message ?? "it has no valid trial"}`,
      ),
    ),
    ...skipped.map(({ server, scenario, reason }) => ({
      verdict: "inconclusive" as const,
      text: `${server} · ${scenario} was not run: ${reason}`,
    })),
    ...unavailable.map(({ server, reason }) => ({ text: `${server} did not run: ${reason}` })),
  ];
}
