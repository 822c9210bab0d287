/** Regressions that were accepted, held against what a gate found. */
import type { AcceptedRegression } from "../load/accepted.ts";
import type { GateCheck, GateRemark, RatioEvidence } from "./gate-report.ts";
import { changeText, shareText } from "./gate-text.ts";

type Where = Pick<GateCheck, "server" | "scenario" | "metric">;

/** Those that concern a check; `today` is YYYY-MM-DD, and the day of expiry still counts. */
export function acceptanceOf(
  accepted: readonly AcceptedRegression[],
  where: Where,
  today: string,
): { readonly valid?: AcceptedRegression; readonly expired?: AcceptedRegression } {
  const own = accepted.filter((each) => concerns(each, where));
  const valid = own.find(({ expires }) => expires >= today);
  const expired = own.find(({ expires }) => expires < today);
  return { ...(valid === undefined ? {} : { valid }), ...(expired === undefined ? {} : { expired }) };
}

/** Whether a change is within what was accepted; a count has no size that a share could limit. */
export function isWithin({ limit }: AcceptedRegression, evidence: GateCheck["evidence"]): boolean {
  if (limit === undefined) return true;
  return evidence.kind === "ratio" && evidence.change !== undefined && worseBy(evidence) <= limit;
}

/**
 * The check as it counts once it was held against the list: what failed, or could not be told from a failure, has passed where it was accepted.
 * What could not be measured stays invalid, for nobody has accepted that.
 */
export function withAcceptance(check: GateCheck, accepted: readonly AcceptedRegression[], today: string): GateCheck {
  if (check.verdict !== "fail" && check.verdict !== "inconclusive") return check;
  const { valid, expired } = acceptanceOf(accepted, check, today);
  if (valid !== undefined && isWithin(valid, check.evidence)) {
    return { ...check, verdict: "pass", accepted: valid, notes: [...check.notes, `accepted until ${valid.expires}: ${valid.reason}`] };
  }
  if (valid !== undefined) {
    const size =
      check.evidence.kind === "ratio" && check.evidence.change !== undefined ? ` and this is ${changeText(worseBy(check.evidence))}` : "";
    return { ...check, notes: [...check.notes, `accepted up to ${shareText(valid.limit!)} only${size}`] };
  }
  if (expired === undefined) return check;
  return { ...check, notes: [...check.notes, `was accepted until ${expired.expires}, which has passed: ${expired.reason}`] };
}

/** What is to be said of the list itself: entries that have expired, concern nothing, or are needed no longer. */
export function acceptanceRemarks(accepted: readonly AcceptedRegression[], checks: readonly GateCheck[], today: string): GateRemark[] {
  return accepted.flatMap((entry): GateRemark[] => {
    const what = `accepted regression of ${entry.metric} on ${entry.server}${entry.scenario === undefined ? "" : ` · ${entry.scenario}`}`;
    const own = checks.filter((check) => concerns(entry, check));
    if (entry.expires < today) return [{ text: `${what}: it expired on ${entry.expires} and accepts nothing any more` }];
    if (own.length === 0) return [{ text: `${what}: nothing in this gate is checked that it would concern` }];
    if (own.every(({ verdict, accepted: by }) => verdict === "pass" && by === undefined)) {
      return [{ text: `${what}: not needed, for it passes without` }];
    }
    return [];
  });
}

function concerns({ server, scenario, metric }: AcceptedRegression, where: Where): boolean {
  return server === where.server && metric === where.metric && (scenario === undefined || scenario === where.scenario);
}

/** As a share of base for the worse: where more is better, base is so much more than head. */
function worseBy({ change, better }: RatioEvidence): number {
  const { estimate } = change!;
  return better === "higher" ? 1 / (1 + estimate) - 1 : estimate;
}
