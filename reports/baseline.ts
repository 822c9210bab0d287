/** A run held against a stored baseline: not side by side, and therefore trusted less; pure. */
import type { AcceptedRegression } from "../load/accepted.ts";
import type { Baseline, BaselineCell } from "../load/baseline-record.ts";
import type { GateQuestion } from "../load/gate-record.ts";
import type { Environment } from "../load/measurement.ts";
import { METRICS } from "../load/metric.ts";
import { acceptanceRemarks, withAcceptance } from "./gate-acceptance.ts";
import { checkOf } from "./gate-check.ts";
import { COUNT_METRICS, judgeCounts, pMore } from "./gate-count.ts";
import type { CellName, Draft } from "./gate-draft.ts";
import { boundsOf, changeOf, judgeRatios, negative } from "./gate-ratio.ts";
import { GATE_REPORT_SCHEMA_VERSION, ROUNDS_COMPLETED, verdictOf } from "./gate-report.ts";
import type { CountEvidence, GateCheck, GateRemark, GateReport, RatioEvidence } from "./gate-report.ts";
import { isEnough } from "./gate-rounds.ts";
import { shareText } from "./gate-text.ts";
import { pAbove, unpairedLogRatio } from "./ratio.ts";
import { median } from "./statistics.ts";

export interface BaselineOptions {
  /** Judges figures of another machine as well, which is said (`--any-machine`). */
  readonly anyMachine?: boolean;
}

/** `head` against `base`, both as they were stored. On another machine nothing is judged, and the report is invalid, unless that is asked for. */
export function judgeBaseline(
  base: Baseline,
  head: Baseline,
  question: GateQuestion,
  accepted: readonly AcceptedRegression[],
  today: string,
  { anyMachine = false }: BaselineOptions = {},
): GateReport {
  const differences = environmentDifferences(base.environment, head.environment);
  const refused = differences.length > 0 && !anyMachine;
  const pairs = head.cells.flatMap((cell) => {
    const stored = base.cells.find((other) => other.server === cell.server && other.scenario === cell.scenario);
    return stored === undefined ? [] : [{ name: { server: cell.server, scenario: { name: cell.scenario } }, base: stored, head: cell }];
  });
  const judged = refused ? [] : judgePairs(pairs, question, base.noiseFloor);
  const checks = judged.map((check) => withAcceptance(check, accepted, today));
  const remarks: GateRemark[] = [
    ...differences.map((text) => (refused ? { verdict: "invalid" as const, text: `${text}: ${ANOTHER_MACHINE}` } : { text })),
    { text: `${NAIVE}; ${floorText(base.noiseFloor)}` },
    ...unpairedCells(base, head),
    ...(refused ? [] : unstored(question, checks)),
    ...(refused ? [] : acceptanceRemarks(accepted, checks, today)),
  ];
  return {
    schemaVersion: GATE_REPORT_SCHEMA_VERSION,
    kind: "baseline",
    verdict: verdictOf(checks, remarks),
    suite: head.suite,
    compared: { base: `the baseline of ${base.startedAt}`, head: `the run of ${head.startedAt}` },
    question,
    checks,
    remarks,
  };
}

const ANOTHER_MACHINE = "a baseline holds on its own machine; save one here, compare two versions side by side, or say --any-machine";

/** METHOD, the gate: naive rules on the same data. */
const NAIVE = "a stored baseline was not measured side by side: held against naively, such gave 38.8 % false alarms";

/** What makes figures of two environments no figures of the same thing. */
export function environmentDifferences(base: Environment, head: Environment): string[] {
  const facts = ({ cpu, cores, node }: Environment): readonly (readonly [name: string, value: string])[] => [
    ["processor", cpu],
    ["cores", String(cores)],
    ["Node's major version", /^v?(\d+)/.exec(node)?.[1] ?? node],
  ];
  const now = facts(head);
  return facts(base).flatMap(([name, value], at) =>
    value === now[at]![1] ? [] : [`${name} ${value} in the baseline, now ${now[at]![1]}`],
  );
}

function floorText(floor: Baseline["noiseFloor"] = {}): string {
  const known = Object.entries(floor).map(([metric, share]) => `${metric} ${shareText(share)}`);
  return known.length === 0 ? "its noise floor is not known" : `its noise floor is ${known.join(", ")}, and no smaller change fails`;
}

/** Cells that one side alone has were not checked, and that is no pass. */
function unpairedCells(base: Baseline, head: Baseline): GateRemark[] {
  const lacking = (of: Baseline, other: Baseline, what: string): GateRemark[] =>
    of.cells
      .filter((cell) => !other.cells.some(({ server, scenario }) => server === cell.server && scenario === cell.scenario))
      .map(({ server, scenario }) => ({ verdict: "inconclusive", text: `${server} · ${scenario} ${what}` }));
  return [...lacking(head, base, "is not in the baseline"), ...lacking(base, head, "is in the baseline, and was not run")];
}

function unstored({ metrics }: GateQuestion, checks: readonly GateCheck[]): GateRemark[] {
  const absent = metrics.filter((metric) => !COUNT_METRICS.includes(metric) && !checks.some((check) => check.metric === metric));
  return absent.length === 0 || checks.length === 0 ? [] : [{ text: `asked for and stored of no cell: ${absent.join(", ")}` }];
}

interface CellPair {
  readonly name: CellName;
  readonly base: BaselineCell;
  readonly head: BaselineCell;
}

function judgePairs(pairs: readonly CellPair[], question: GateQuestion, floor: Baseline["noiseFloor"]): GateCheck[] {
  const metrics = [...new Set(question.metrics)].filter((metric) => !COUNT_METRICS.includes(metric));
  const enough = pairs.filter((pair) => shortage(pair) === undefined);
  const judged = [
    ...judgeRatios(enough.flatMap((pair) => metrics.flatMap((metric) => ratioOf(pair, metric, question, floor) ?? []))),
    ...judgeCounts(pairs.flatMap((pair) => COUNT_METRICS.flatMap((metric) => countsOf(pair, metric) ?? []))),
  ];
  return pairs.flatMap((pair) => [
    ...(shortage(pair) ?? []),
    ...judged.filter(({ cell }) => cell === pair.name).map((each) => checkOf(each, "impossible")),
  ]);
}

/** Of a side with too few valid trials; absent where both have enough. */
function shortage({ name, base, head }: CellPair): GateCheck[] | undefined {
  const short = [["base", base] as const, ["head", head] as const].filter(
    ([, { trials, valid }]) => valid === 0 || !isEnough(valid, { planned: trials }),
  );
  if (short.length === 0) return undefined;
  const finding = short
    .map(
      ([side, { valid, trials, reason }]) =>
        `${valid} of ${trials} trials of ${side} are valid${reason === undefined ? "" : ` (${reason})`}`,
    )
    .join("; ");
  return [
    {
      server: name.server,
      scenario: name.scenario.name,
      metric: ROUNDS_COMPLETED,
      unit: "",
      verdict: "invalid",
      finding,
      notes: [],
      evidence: {
        kind: "rounds",
        planned: head.trials,
        completed: head.valid,
        failed: { base: base.trials - base.valid, head: head.trials - head.valid },
      },
    },
  ];
}

/** By Welch's test; δ is never below the noise floor, nor Δ below δ. */
function ratioOf(
  { name: cell, base, head }: CellPair,
  metric: string,
  question: GateQuestion,
  floor: Baseline["noiseFloor"] = {},
): Draft<RatioEvidence> | undefined {
  const [before, now] = [base.values[metric] ?? [], head.values[metric] ?? []];
  if (before.length === 0 && now.length === 0) return undefined;
  const better = METRICS.get(metric)?.better ?? "none";
  const asked = boundsOf(question, metric);
  const delta = Math.max(asked.delta, floor[metric] ?? 0);
  const evidence = { kind: "ratio", better, delta, limit: Math.max(asked.limit, delta), rounds: now.length } as const;
  if (better === "none") return { cell, metric, evidence, invalid: `neither more nor less of ${metric} is worse: it cannot be gated` };
  const ratio = unpairedLogRatio(before, now);
  if (ratio === undefined) {
    const invalid = `${before.length} values in the baseline and ${now.length} now: two on either side are needed at least`;
    return { cell, metric, evidence, invalid };
  }
  const worse = better === "higher" ? negative(ratio) : ratio;
  return {
    cell,
    metric,
    evidence: { ...evidence, base: median(before), head: median(now), change: changeOf(ratio) },
    p: pAbove(worse, Math.log1p(delta)),
  };
}

function countsOf({ name: cell, base, head }: CellPair, metric: string): Draft<CountEvidence> | undefined {
  const [before, now] = [base.counts[metric], head.counts[metric]];
  if (before === undefined && now === undefined) return undefined;
  const evidence = {
    kind: "count",
    rounds: head.trials,
    base: before ?? 0,
    head: now ?? 0,
    baseExpected: base.expected,
    headExpected: head.expected,
  } as const;
  if (before === undefined || now === undefined) {
    return { cell, metric, evidence, invalid: `${before === undefined ? "the baseline" : "the run"} has no ${metric}` };
  }
  if (base.expected <= 0 || head.expected <= 0) {
    return { cell, metric, evidence, invalid: `no delivery was due in ${head.expected <= 0 ? "the run" : "the baseline"}` };
  }
  return { cell, metric, evidence, p: pMore(evidence) };
}
