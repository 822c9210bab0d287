/** From what was judged to what is said: a check with its verdict, its finding and its notes. */
import { METRICS } from "../load/metric.ts";
import type { Judged } from "./gate-draft.ts";
import type { CountEvidence, GateCheck, RatioEvidence } from "./gate-report.ts";
import { countFinding, ratioFinding } from "./gate-text.ts";

export type AnyJudged = Judged<RatioEvidence> | Judged<CountEvidence>;

/** Whether a failure has to show again: it has, it would have had nobody not said so, or there is nothing to measure again. */
export type Confirmation = "due" | "not wanted" | "impossible";

/** A check of both passes: one that failed must fail again. */
export function checkOf(judged: AnyJudged, confirmation: Confirmation, second?: AnyJudged): GateCheck {
  const { cell, metric } = judged;
  const { verdict, notes } = outcomeOf(judged, confirmation, second);
  return {
    server: cell.server,
    scenario: cell.scenario.name,
    metric,
    unit: METRICS.get(metric)?.unit ?? "",
    verdict,
    finding: findingOf(judged),
    notes,
    evidence: evidenceOf(judged, second),
  };
}

function outcomeOf(
  { verdict }: AnyJudged,
  confirmation: Confirmation,
  second: AnyJudged | undefined,
): { readonly verdict: GateCheck["verdict"]; readonly notes: readonly string[] } {
  if (verdict !== "fail") return { verdict, notes: [] };
  if (second === undefined) {
    return confirmation === "due"
      ? { verdict: "inconclusive", notes: ["not confirmed yet: what failed has to fail again in rounds of its own"] }
      : { verdict, notes: confirmation === "not wanted" ? ["not confirmed, as was asked"] : [] };
  }
  const again = findingOf(second);
  switch (second.verdict) {
    case "fail":
      return { verdict, notes: [`confirmed: ${again}`] };
    case "invalid":
      return { verdict: "invalid", notes: [`failed once, and the confirmation cannot be judged: ${second.invalid ?? again}`] };
    case "pass":
    case "inconclusive":
      return { verdict: "inconclusive", notes: [`failed once, not confirmed: ${again}`] };
  }
}

function findingOf(judged: AnyJudged): string {
  const { verdict, invalid, evidence, pHolm, metric } = judged;
  if (verdict === "invalid" && invalid !== undefined) return invalid;
  const withOdds = pHolm === undefined ? evidence : { ...evidence, p: pHolm };
  return withOdds.kind === "ratio" ? ratioFinding(withOdds, verdict, METRICS.get(metric)?.unit) : countFinding(withOdds, verdict);
}

function evidenceOf({ evidence, pHolm: p }: AnyJudged, second: AnyJudged | undefined): GateCheck["evidence"] {
  const odds = p === undefined ? {} : { p };
  const again = second?.pHolm === undefined ? {} : { p: second.pHolm };
  if (evidence.kind === "ratio") {
    const other = second?.evidence.kind === "ratio" ? second.evidence : undefined;
    if (other === undefined) return { ...evidence, ...odds };
    const { rounds, change } = other;
    return { ...evidence, ...odds, confirmation: { rounds, ...(change === undefined ? {} : { change }), ...again } };
  }
  const other = second?.evidence.kind === "count" ? second.evidence : undefined;
  if (other === undefined) return { ...evidence, ...odds };
  return { ...evidence, ...odds, confirmation: { base: other.base, head: other.head, ...again } };
}
