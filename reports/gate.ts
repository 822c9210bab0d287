/** Whether a version is worse than another one, from the rounds in which both ran side by side (METHOD, the gate); pure. */
import type { AcceptedRegression } from "../load/accepted.ts";
import { BUSY_CORES } from "../load/gate-record.ts";
import type { GateCell, GateRecord, SavedGate } from "../load/gate-record.ts";
import { counted } from "./figure-text.ts";
import { acceptanceOf, acceptanceRemarks, isWithin, withAcceptance } from "./gate-acceptance.ts";
import { COUNT_METRICS, judgeCounts, measureCount } from "./gate-count.ts";
import { checkOf } from "./gate-check.ts";
import type { AnyJudged } from "./gate-check.ts";
import { judgeRatios, measureRatio } from "./gate-ratio.ts";
import { GATE_REPORT_SCHEMA_VERSION, verdictOf } from "./gate-report.ts";
import type { GateCheck, GateRemark, GateReport } from "./gate-report.ts";
import { roundsOf } from "./gate-rounds.ts";
import type { PassRounds } from "./gate-rounds.ts";
import { leftOutRemark, roundsCheck } from "./gate-rounds-check.ts";
import { comparedText } from "./gate-text.ts";
import { median } from "./statistics.ts";

export interface JudgeOptions {
  /** Whether a failure has to show a second time, in rounds of their own; `false` where nobody was to make them (`--no-confirm`). */
  readonly confirm?: boolean;
}

/** A gate as it was saved, held against METHOD's rule; `today` is YYYY-MM-DD, the day that accepted regressions are held against. */
export function judgeGate(
  gate: SavedGate,
  accepted: readonly AcceptedRegression[],
  today: string,
  { confirm = true }: JudgeOptions = {},
): GateReport {
  const { record } = gate;
  const passes = record.cells.map((cell) => roundsOf(gate, cell, "first"));
  const first = judgePass(passes, record);
  const confirmed = judgePass(
    record.cells.map((cell) => roundsOf(gate, cell, "confirmation")),
    record,
    first.filter(({ verdict }) => verdict === "fail"),
  );
  const checks = record.cells.flatMap((cell, at) => {
    const rounds = roundsCheck(passes[at]!, roundsOf(gate, cell, "confirmation"));
    const own = first
      .filter((judged) => judged.cell === cell)
      .map((judged) => {
        const second = confirmed.find((other) => other.cell === cell && other.metric === judged.metric);
        return withAcceptance(checkOf(judged, confirm ? "due" : "not wanted", second), accepted, today);
      });
    const watched = watchedChecks(passes[at]!, record);
    // What too few rounds leave unjudged is said once.
    return rounds === undefined ? [...own, ...watched] : [rounds, ...[...own, ...watched].filter(({ verdict }) => verdict !== "invalid")];
  });
  const remarks = [
    ...recordRemarks(record, first),
    ...neighbourRemark(gate),
    ...passes.flatMap(leftOutRemark),
    ...acceptanceRemarks(accepted, checks, today),
  ];
  return {
    schemaVersion: GATE_REPORT_SCHEMA_VERSION,
    kind: "versions",
    verdict: verdictOf(checks, remarks),
    suite: record.suite.name,
    compared: comparedText(record),
    question: record.question,
    checks,
    remarks,
  };
}

/**
 * Cells in which something failed in the first rounds that is not accepted, and which are to be run again, with another seed, whether or
 * not they have been by now. In the order of the record.
 */
export function needsConfirmation(gate: SavedGate, accepted: readonly AcceptedRegression[] = [], today = ""): GateCell[] {
  const { record } = gate;
  const failed = judgePass(
    record.cells.map((cell) => roundsOf(gate, cell, "first")),
    record,
  ).filter(({ verdict, cell, metric, evidence }) => {
    if (verdict !== "fail") return false;
    const { valid } = acceptanceOf(accepted, { server: cell.server, scenario: cell.scenario.name, metric }, today);
    return valid === undefined || !isWithin(valid, evidence);
  });
  return record.cells.filter((cell) => failed.some((judged) => judged.cell === cell));
}

/** All checks of a pass, or those that are `wanted` alone, Holm's adjustment over as many; ratios and counts each by themselves. */
function judgePass(passes: readonly PassRounds[], { question }: GateRecord, wanted?: readonly AnyJudged[]): AnyJudged[] {
  const isWanted = ({ cell }: PassRounds, metric: string): boolean =>
    wanted === undefined || wanted.some((judged) => judged.cell === cell && judged.metric === metric);
  // Rounds that were not made confirm nothing and refute nothing.
  const made = passes.filter((pass) => pass.made.length > 0);
  const ratios = made.flatMap((pass) =>
    ratioMetrics(question).flatMap((metric) => (isWanted(pass, metric) ? (measureRatio(pass, metric, question) ?? []) : [])),
  );
  const counts = made.flatMap((pass) =>
    COUNT_METRICS.flatMap((metric) => (isWanted(pass, metric) ? (measureCount(pass, metric) ?? []) : [])),
  );
  return [...judgeRatios(ratios), ...judgeCounts(counts)];
}

/** Judged by themselves, so that what nobody is held to takes no power from what somebody is; nor is it measured again. */
function watchedChecks(pass: PassRounds, { question }: GateRecord): GateCheck[] {
  const watched = (question.watched ?? []).filter((metric) => !question.metrics.includes(metric));
  const judged = judgeRatios(watched.flatMap((metric) => measureRatio(pass, metric, question) ?? []));
  return judged.map((each): GateCheck => ({ ...checkOf(each, "impossible"), advisory: true }));
}

/** Counts are checked whether they are asked for or not, and exactly. */
function ratioMetrics({ metrics }: GateRecord["question"]): string[] {
  return [...new Set(metrics)].filter((metric) => !COUNT_METRICS.includes(metric));
}

/** Neighbours that came after the gate had begun, and met the versions by turns. */
function neighbourRemark({ record, rounds }: SavedGate): GateRemark[] {
  const cores = rounds.flatMap(({ mode, neighbourCores }) => (mode === "interleaved" ? (neighbourCores ?? []) : []));
  const middle = cores.length === 0 ? 0 : median(cores);
  if (middle <= BUSY_CORES) return [];
  const used = `something else used ${middle.toFixed(2)} of ${record.environment.cores} cores while the versions had their turns`;
  return [{ text: `${used} (median of ${counted(cores.length, "round")}): --mode duet would let it meet both alike` }];
}

/** What holds of all of it: servers that did not run, rounds that are missing, metrics that nothing has. */
function recordRemarks({ status, stopped, unavailable, cells, question }: GateRecord, judged: readonly AnyJudged[]): GateRemark[] {
  // Who is not polled makes no requests to be counted.
  const polled = cells.some(({ transport }) => transport.endsWith("polling"));
  const absent = ratioMetrics(question).filter(
    (metric) => !judged.some((each) => each.metric === metric) && (polled || metric !== "requests_per_delivery"),
  );
  return [
    ...(status === "failed"
      ? [{ verdict: "invalid" as const, text: `the gate failed${stopped === undefined ? "" : `: ${stopped}`}` }]
      : []),
    ...(status === "partial" ? [{ text: `rounds are missing${stopped === undefined ? "" : `: ${stopped}`}` }] : []),
    ...(cells.length === 0 ? [{ verdict: "invalid" as const, text: "no cell was measured" }] : []),
    ...unavailable.map(({ server, reason }) => ({ text: `${server} did not run: ${reason}` })),
    ...(absent.length === 0 || judged.length === 0
      ? []
      : [{ text: `${counted(absent.length, "metric")} asked for and had by neither version in any cell: ${absent.join(", ")}` }]),
  ];
}
