/** What a run shows, in sentences that claim no more than its valid cells bear out. */
import { cellsOf, climbsOf, climbWith, subscribersOf } from "./climb.ts";
import type { Climb } from "./climb.ts";
import { climbFindings } from "./climb-finding.ts";
import { isClosedLoop } from "./summary.ts";
import type { Cell, Summary } from "./summary.ts";
import { counted, factorText, figureText, plainNumber } from "./figure-text.ts";
import { listed } from "./listed.ts";
import type { Spread } from "./statistics.ts";

const HEADLINE = "delivery_latency_ms.p99";

export interface Verdict {
  /**
   * Of a scenario at several numbers of subscribers who held the most; then, a scenario each, who has the lowest p99 and by what factor.
   * Without their full stop.
   */
  readonly answers: readonly Answer[];
  /** What must be known before any figure is read: status, trials, servers that did not run. */
  readonly notices: readonly string[];
  /** Cells that cannot be believed, and figures that are marked. */
  readonly doubts: readonly Doubt[];
}

export interface Answer {
  readonly scenario: string;
  readonly text: string;
}

export interface Doubt {
  readonly server: string;
  readonly scenario: string;
  readonly severity: "invalid" | "warning";
  readonly message: string;
  readonly advice: string;
}

export function judge(summary: Summary): Verdict {
  const climbs = climbsOf(summary);
  return {
    answers: [
      ...climbs.map((climb) => ({ scenario: climb.scenario, text: climbAnswer(climb) })),
      ...scenariosBeside(climbs, summary).map(({ scenario, cells }) => ({ scenario, text: answer(cells) })),
    ],
    notices: notices(summary, climbs),
    doubts: [
      ...summary.cells.filter((cell) => climbWith(climbs, cell) === undefined).flatMap(cellDoubts),
      ...climbs.flatMap(climbDoubts),
    ].toSorted((a, b) => a.severity.localeCompare(b.severity)),
  };
}

function cellDoubts({ server, scenario, validity }: Cell): Doubt[] {
  return validity.reasons.map(({ severity, message, advice }) => ({ server, scenario, severity, message, advice }));
}

/** What is seen of a server at many of its levels is said once, as it was at the first. */
function climbDoubts({ scenario, servers }: Climb): Doubt[] {
  return servers.flatMap(({ server, cells }) => {
    const seen = cells.flatMap((cell) => cell.validity.reasons.map((reason) => ({ ...reason, at: plainNumber(subscribersOf(cell)) })));
    const kinds = new Set(seen.map(({ severity, code }) => `${severity} ${code}`));
    return [...kinds].map((kind) => {
      const [first, ...others] = seen.filter(({ severity, code }) => `${severity} ${code}` === kind);
      const { severity, message, advice, at } = first!;
      const likewise = others.length === 0 ? "" : `; likewise at ${listed(others.map((other) => other.at))}`;
      return { server, scenario, severity, message: `${message} (at ${at} subscribers${likewise})`, advice };
    });
  });
}

/** The scenarios that are no level of a climb. */
export function scenariosBeside(climbs: readonly Climb[], summary: Summary): ReturnType<typeof scenariosOf> {
  return scenariosOf(summary).filter((scenario) => climbWith(climbs, scenario) === undefined);
}

/** The cells by scenario, in the summary's order. */
export function scenariosOf({ cells }: Summary): { readonly scenario: string; readonly cells: readonly Cell[] }[] {
  const names = [...new Set(cells.map(({ scenario }) => scenario))];
  return names.map((scenario) => ({ scenario, cells: cells.filter((cell) => cell.scenario === scenario) }));
}

/** What `low` and `high` are in this run's tables. */
export function intervalNote({ cells }: Summary): string {
  const kinds = new Set(cells.flatMap(({ metrics }) => Object.values(metrics).map(({ interval }) => interval)));
  if (kinds.has("95%")) return "Medians of the trials; in brackets the 95 % interval.";
  if (kinds.has("range")) return "Medians of the trials; in brackets their range: fewer than six trials make no interval.";
  return kinds.has("none") ? "One trial: values without intervals." : "No trial completed: there are no values.";
}

function climbAnswer(climb: Climb): string {
  const at = (level: number): Cell[] => cellsOf(climb).filter((cell) => subscribersOf(cell) === level);
  const isRanked = (cell: Cell): boolean => cell.validity.valid && cell.metrics[HEADLINE] !== undefined;
  const comparable = climb.levels.findLast((level) => at(level).filter(isRanked).length > 1);
  const ranked = comparable === undefined ? [] : [`At ${plainNumber(comparable)} connections ${answer(at(comparable))}`];
  return [...climbFindings(climb), ...ranked].join(". ");
}

function answer(cells: readonly Cell[]): string {
  const closed = cells.filter(isClosedLoop);
  const open = cells.filter((cell) => !isClosedLoop(cell));
  return [...(open.length > 0 ? [ranking(open)] : []), ...closed.map(throughput)].join("; ");
}

function throughput({ server, metrics, validity }: Cell): string {
  const rate = validity.valid && metrics["request_rate"];
  const figure = rate ? `${figureText(rate).value} requests/s` : "no valid figure";
  return `${server} in a closed loop: ${figure} (maximum throughput; latency not comparable)`;
}

function ranking(cells: readonly Cell[]): string {
  const valid = cells.filter(({ validity }) => validity.valid);
  if (valid.length === 0) return `No valid cell: none of ${counted(cells.length, "server")} can be ranked`;
  const ranked = valid
    .flatMap((cell) => (cell.metrics[HEADLINE] === undefined ? [] : [{ server: cell.server, p99: cell.metrics[HEADLINE] }]))
    .toSorted((a, b) => a.p99.median - b.p99.median);
  const [best, second] = ranked;
  if (best === undefined) return "Too few deliveries for a p99 in any valid cell";
  const value = figureText(best.p99).value;
  const left = cells.length - ranked.length;
  const unranked = left > 0 ? `; ${left} of ${counted(cells.length, "server")} not ranked` : "";
  if (second === undefined) return `${best.server} has a p99 of ${value} ms, with no other valid cell to compare${unranked}`;
  const last = ranked.at(-1)!;
  const equals = best.p99.interval === "none" ? [] : ranked.slice(1).filter(({ p99 }) => overlap(best.p99, p99));
  const lead =
    equals.length > 0
      ? `${listed([best, ...equals].map(({ server }) => server))} have the lowest p99 and cannot be told apart: ${range(value, figureText(equals.at(-1)!.p99).value)} ms`
      : `${best.server} has the lowest p99, ${value} ms: ${second.server} has ${times(second.p99, best.p99)}`;
  const tail = last === (equals.at(-1) ?? second) ? "" : `, ${last.server} ${times(last.p99, best.p99)}`;
  return `${lead}${tail}${unranked}`;
}

function range(low: string, high: string): string {
  return low === high ? low : `${low} to ${high}`;
}

function times(other: Spread, best: Spread): string {
  const factor = factorText(other.median / best.median);
  return factor === "" ? "the same" : `${factor.slice(1)} times as much`;
}

function overlap(a: Spread, b: Spread): boolean {
  return a.low <= b.high && b.low <= a.high;
}

function notices({ status, trials, unavailable, skipped, environmentChanges, cells }: Summary, climbs: readonly Climb[]): string[] {
  // A climb says itself where it ended.
  const alone = skipped.filter((trial) => climbWith(climbs, trial) === undefined);
  const above = skipped.length - alone.length;
  const failures = cells.flatMap((cell) => cell.failures);
  const broken = failures.filter(({ kind }) => kind !== "interrupted").length;
  const cut = failures.length - broken;
  const completed = `${trials.saved - failures.length} of ${counted(trials.planned, "trial")} completed${cut > 0 ? `, ${cut} interrupted` : ""}`;
  // Of a partial run fewer are to be expected.
  const missing = status !== "partial" && trials.saved + skipped.length < trials.planned;
  return [
    ...(missing
      ? [`run.json plans ${counted(trials.planned, "trial")}, ${trials.saved} ${trials.saved === 1 ? "was" : "were"} found.`]
      : []),
    ...(status === "complete" ? [] : [`This run is ${status}: ${completed}.`]),
    ...(broken > 0 ? [`${counted(broken, "trial")} failed: ${failures.find(({ kind }) => kind !== "interrupted")!.message}.`] : []),
    ...unavailable.map(({ server, reason }) => `${server} did not run: ${reason}.`),
    ...alone.map(({ server, scenario, reason }) => `${server} · ${scenario} was not run: ${reason}.`),
    ...(above > 0
      ? [
          `${counted(above, "trial")} with more subscribers ${above === 1 ? "was" : "were"} not run: the table of connections has the reasons.`,
        ]
      : []),
    ...(environmentChanges.length > 0
      ? [`The trials were not all measured in the same place: ${environmentChanges.join("; ")}. Compare their cells with care.`]
      : []),
  ];
}
