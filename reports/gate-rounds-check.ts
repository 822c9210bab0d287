/** Whether both versions did their part at all: a head that cannot, where base can, has got worse whatever its figures were. */
import { counted } from "./figure-text.ts";
import { ROUNDS_COMPLETED } from "./gate-report.ts";
import type { GateCheck, GateRemark } from "./gate-report.ts";
import { failuresOf, isEnough, shortageText } from "./gate-rounds.ts";
import type { PassRounds } from "./gate-rounds.ts";

/** Failures of head from which on they are no accident. */
const FAILURES_THAT_COUNT = 2;

/** The check of a cell, where it has not passed: of its first rounds, or of those that were to confirm them. */
export function roundsCheck(first: PassRounds, confirmation: PassRounds): GateCheck | undefined {
  return ofPass(first) ?? (confirmation.made.length === 0 || !headAloneFails(confirmation) ? undefined : ofPass(confirmation));
}

function ofPass(pass: PassRounds): GateCheck | undefined {
  const { cell, planned, completed } = pass;
  const [base, head] = [failuresOf(pass, "base"), failuresOf(pass, "head")];
  const check = {
    server: cell.server,
    scenario: cell.scenario.name,
    metric: ROUNDS_COMPLETED,
    unit: "",
    notes: [],
    evidence: { kind: "rounds", planned, completed: completed.length, failed: { base: base.count, head: head.count } } as const,
  };
  const failed = `head could not in ${head.count} of ${counted(pass.made.length, "round")}: ${head.message}`;
  if (headAloneFails(pass)) return { ...check, verdict: "fail", finding: `${failed}; base could in all of them` };
  if (head.count >= FAILURES_THAT_COUNT) {
    return { ...check, verdict: "invalid", finding: `${failed}; base could not in ${base.count} of them: ${base.message}` };
  }
  if (isEnough(completed.length, pass)) return undefined;
  return { ...check, verdict: "invalid", finding: shortageText(pass, completed) };
}

function headAloneFails(pass: PassRounds): boolean {
  return failuresOf(pass, "head").count >= FAILURES_THAT_COUNT && failuresOf(pass, "base").count === 0;
}

/** Of the first rounds those that were left out, where enough are left. */
export function leftOutRemark(pass: PassRounds): GateRemark[] {
  const { cell, made, completed } = pass;
  if (made.length === completed.length || ofPass(pass) !== undefined) return [];
  const causes = shortageText(pass, completed)
    .replace(/^only /, "")
    .replace("can be used", "were used");
  return [{ text: `${cell.server} · ${cell.scenario.name}: ${causes}` }];
}
