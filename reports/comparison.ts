/** Two saved runs side by side: what changed on each cell, how sure that is, and what forbids to compare. */
import type { RunRecord } from "../load/measurement.ts";
import type { ComparedRun } from "./compared-run.ts";
import { estimate, placeOf, trialsToSettle } from "./change.ts";
import type { ChangeVerdict, Estimated } from "./change.ts";
import { isCount } from "./count-odds.ts";
import type { Exposure } from "./count-odds.ts";
import { holm } from "./ratio.ts";
import { runDifferences, workloadDifferences } from "./run-differences.ts";
import type { RunDifferences } from "./run-differences.ts";
import { isClosedLoop } from "./summary.ts";
import type { Cell } from "./summary.ts";

const COMPARISON_SCHEMA_VERSION = 1;

/** Metrics that are steady enough to be told by a few trials, and what a user pays or gets: a family of comparisons of their own. */
const HEADLINE_METRICS: readonly string[] = [
  "server_cpu_us_per_delivery",
  "server_memory_per_connection_bytes",
  "bytes_down_per_delivery",
  "requests_per_delivery",
  "server_fds_per_connection",
  "delivery_latency_ms.p50",
  "delivery_latency_ms.p99",
  "delivery_rate",
  "messages_lost",
  "messages_duplicated",
  "messages_reordered",
  "messages_corrupt",
];

/** Place among the headline metrics; behind all of them for the others. */
export function headlineRank(metric: string): number {
  const at = HEADLINE_METRICS.indexOf(metric);
  return at === -1 ? HEADLINE_METRICS.length : at;
}

/** Family-wise error of what is called better or worse, in each of the two families. */
const ALPHA = 0.05;

/** Changes that are none: 0.03 is from 1/1.03 to 1.03. */
export interface Bands {
  readonly band: number;
  /** Of percentiles, which vary more (METHOD: p99 is reported, or gated at 25 %). */
  readonly latencyBand: number;
}

export const DEFAULT_BANDS: Bands = { band: 0.03, latencyBand: 0.25 };

/** What `compare --json` prints. */
export interface Comparison {
  readonly schemaVersion: typeof COMPARISON_SCHEMA_VERSION;
  readonly base: RunName;
  readonly head: RunName;
  readonly rule: Bands & {
    readonly familyWiseError: typeof ALPHA;
    /** Comparisons with something to test, which Holm's adjustment is over: of the headline metrics of all cells, and of all others. */
    readonly tests: { readonly headline: number; readonly others: number };
  };
  readonly differences: RunDifferences;
  /** Those that both runs have with the same workload, in the order of head. */
  readonly cells: readonly ComparedCell[];
}

export interface RunName {
  readonly directory: string;
  readonly suite: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly status: RunRecord["status"];
  /** Commit of the folder it was started in. */
  readonly git?: string;
}

export interface ComparedCell {
  readonly server: string;
  readonly transport: string;
  readonly library: string;
  readonly scenario: string;
  /** Complete trials. */
  readonly trials: { readonly base: number; readonly head: number };
  readonly valid: boolean;
  /** Headline metrics first, then by name. */
  readonly changes: readonly Change[];
}

/** `p` is adjusted by Holm's method over the family. */
export interface Change extends Estimated {
  readonly headline: boolean;
  readonly verdict: ChangeVerdict;
  /** Of what is unsure: the trials of each run that would tell; `none` where no number would. */
  readonly trialsToSettle?: number | "none";
}

/** `base` and `head` are matched by server and scenario. */
export function compareRuns(base: ComparedRun, head: ComparedRun, bands: Bands = DEFAULT_BANDS): Comparison {
  const pairs = head.summary.cells.flatMap((cell): [Cell, Cell][] => {
    const other = base.summary.cells.find(({ server, scenario }) => server === cell.server && scenario === cell.scenario);
    return other === undefined || workloadDifferences(base, head, other, cell).length > 0 ? [] : [[other, cell]];
  });
  const estimated = pairs.map(([of, at]) => estimates(of, at, bands));
  const family = (headline: boolean) => estimated.flat().filter((each) => each.p !== undefined && isHeadline(each) === headline);
  const families = { headline: family(true), others: family(false) };
  const adjusted = new Map<Estimated, number>();
  for (const members of Object.values(families)) {
    for (const [at, p] of holm(members.map((each) => each.p!)).entries()) adjusted.set(members[at]!, p);
  }
  const sizes = { headline: families.headline.length, others: families.others.length };
  const cells = pairs.map(([of, at], row): ComparedCell => ({
    server: at.server,
    transport: at.transport,
    library: at.library.name,
    scenario: at.scenario,
    trials: { base: completeTrials(of), head: completeTrials(at) },
    valid: of.validity.valid && at.validity.valid,
    changes: estimated[row]!.map((each) => decide(each, adjusted.get(each), sizes[isHeadline(each) ? "headline" : "others"])),
  }));
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    base: nameOf(base),
    head: nameOf(head),
    rule: { ...bands, familyWiseError: ALPHA, tests: sizes },
    differences: runDifferences(base, head),
    cells,
  };
}

function nameOf({ directory, record }: ComparedRun): RunName {
  const { suite, startedAt, status, environment } = record;
  return { directory, suite: suite.name, startedAt, status, ...(environment.git === undefined ? {} : { git: environment.git }) };
}

function isHeadline({ metric }: Estimated): boolean {
  return headlineRank(metric) < HEADLINE_METRICS.length;
}

function completeTrials({ trials, failures }: Cell): number {
  return trials - failures.length;
}

function estimates(base: Cell, head: Cell, { band, latencyBand }: Bands): Estimated[] {
  const names = [...new Set([...Object.keys(base.metrics), ...Object.keys(head.metrics)])];
  const order = (a: string, b: string): number => headlineRank(a) - headlineRank(b) || a.localeCompare(b);
  return names.toSorted(order).flatMap((metric) => {
    const exposures = exposuresOf(metric, base, head);
    const found = estimate({
      metric,
      base: metricOf(base, metric),
      head: metricOf(head, metric),
      exposures,
      band: isPercentile(metric) ? latencyBand : band,
      spoilt: spoiltBy(metric, base, head),
    });
    return found ?? [];
  });
}

/** An error kind that did not occur is a count of 0, not an unknown one. */
function metricOf(cell: Cell, metric: string): Cell["metrics"][string] | undefined {
  const known = cell.metrics[metric];
  const trials = completeTrials(cell);
  if (known !== undefined || !metric.startsWith("errors.") || trials === 0) return known;
  return { unit: "", median: 0, low: 0, high: 0, interval: "none", values: Array.from({ length: trials }, () => 0) };
}

/** Messages by how many were expected; connections, errors and descriptors by the trials, which open as many on both sides. */
function exposuresOf(metric: string, base: Cell, head: Cell): [Exposure, Exposure] {
  const [a, b] = [base, head].map(({ metrics }) => (metrics["messages_expected"]?.values ?? []).reduce((sum, value) => sum + value, 0));
  if (metric.startsWith("messages_") && a! > 0 && b! > 0) {
    return [
      { at: a!, of: "deliveries expected" },
      { at: b!, of: "deliveries expected" },
    ];
  }
  return [
    { at: completeTrials(base), of: "trials" },
    { at: completeTrials(head), of: "trials" },
  ];
}

function isPercentile(metric: string): boolean {
  return /_ms\.(?:p\d+|max)$/.test(metric);
}

function spoiltBy(metric: string, base: Cell, head: Cell): string | undefined {
  const invalid = [base, head].map(({ validity }) => !validity.valid);
  if (invalid[0] || invalid[1]) return `the cell is invalid in ${invalid[0] && invalid[1] ? "both" : invalid[0] ? "base" : "head"}`;
  const closed = metric.includes("latency") && (isClosedLoop(base) || isClosedLoop(head));
  return closed && !isCount(metric) ? "a closed loop: its latency is compared with none" : undefined;
}

/** By where the interval lies; better and worse must hold among all comparisons of the family as well. */
function decide(found: Estimated, adjusted: number | undefined, tests: number): Change {
  const place = placeOf(found);
  const decided = (place === "better" || place === "worse") && adjusted !== undefined && adjusted <= ALPHA;
  const change = { ...found, headline: isHeadline(found), ...(adjusted === undefined ? {} : { p: adjusted }) };
  if (found.reason !== undefined) return { ...change, verdict: decided && place === "worse" ? "worse" : "unsure" };
  if (place === "same" || decided) return { ...change, verdict: place };
  const trials = trialsToSettle(found, tests);
  const reason = place === "unsure" ? {} : { reason: `told apart alone, not among ${tests} tests` };
  return { ...change, ...reason, verdict: "unsure", ...(trials === undefined ? {} : { trialsToSettle: trials }) };
}
