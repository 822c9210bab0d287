/** Every chart, by the section of the page it stands in. */
import { HISTORY_METRICS } from "../../load/history-record.ts";
import { climbsOf } from "../climb.ts";
import type { Comparison } from "../comparison.ts";
import type { Summary } from "../summary.ts";
import type { RunData } from "../run-data.ts";
import type { Trend } from "../trend.ts";
import { selectTrends } from "../trend-selection.ts";
import { achievedRate } from "./achieved-rate.ts";
import { batchFrontier } from "./batch-frontier.ts";
import { capacityLatency } from "./capacity-latency.ts";
import type { Chart, ComparisonChart, Drawing, RunChart, ScenarioData } from "./chart.ts";
import { scenarioData, variedTogether } from "./chart.ts";
import { climbConnect } from "./climb-connect.ts";
import { climbCpu } from "./climb-cpu.ts";
import { climbDescriptors } from "./climb-descriptors.ts";
import { climbLatency } from "./climb-latency.ts";
import type { ClimbChart } from "./climb-lines.ts";
import { climbMemory } from "./climb-memory.ts";
import { costFrontier } from "./cost-frontier.ts";
import { deliveryBytes } from "./delivery-bytes.ts";
import { deliveryRate } from "./delivery-rate.ts";
import { detailed } from "./detail-choice.ts";
import { distribution } from "./distribution.ts";
import { forest } from "./forest.ts";
import { generatorLoad } from "./generator-load.ts";
import { heatmap } from "./heatmap.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { latencyRanges } from "./latency-ranges.ts";
import { loopDelay } from "./loop-delay.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { publishLag } from "./publish-lag.ts";
import { serverCpu } from "./server-cpu.ts";
import { serverDescriptors } from "./server-descriptors.ts";
import { serverMemory } from "./server-memory.ts";
import { trendDrawing } from "./trend.ts";
import { trialSpread } from "./trial-spread.ts";

export type ChartSection =
  | "capacity"
  | "verdict"
  | "compare"
  | "trust"
  | "latency"
  | "distribution"
  | "time"
  | "heatmap"
  | "cost"
  | "scale"
  | "resources"
  | "trend";

interface SectionCharts {
  /** Of each scenario. */
  readonly each?: readonly Chart[];
  /** Of each scenario that is drawn in detail. */
  readonly details?: readonly Chart[];
  readonly run?: readonly RunChart[];
  readonly comparisons?: readonly ComparisonChart[];
}

/** In the order of the page; a search, a comparison, a climb and a trend are drawn by themselves. */
const CHARTS: Readonly<Record<Exclude<ChartSection, "capacity" | "compare" | "scale" | "trend">, SectionCharts>> = {
  verdict: { each: [latencyRanges] },
  trust: { each: [generatorLoad, publishLag], details: [trialSpread], run: [achievedRate] },
  latency: { each: [percentileCurves] },
  distribution: { details: [distribution] },
  time: { details: [deliveryRate, latencyOverTime] },
  heatmap: { details: [heatmap] },
  cost: { each: [costFrontier, deliveryBytes], comparisons: [batchFrontier] },
  resources: { details: [serverCpu, serverMemory, serverDescriptors, loopDelay] },
};

/** Of one scenario at several numbers of subscribers each. */
const CLIMB_CHARTS: readonly ClimbChart[] = [climbLatency, climbConnect, climbCpu, climbMemory, climbDescriptors];

export interface NamedDrawing extends Drawing {
  /** Unique in a report and stable: chart and scenario, or what several have in common, fit for a file's name and an anchor. */
  readonly name: string;
  readonly section: ChartSection;
  readonly scenario: string;
}

export interface DrawOptions {
  readonly comparison?: Comparison | undefined;
  readonly trends?: readonly Trend[];
  /** Details of every scenario, and not of a few out of many. */
  readonly everyDetail?: boolean;
}

/**
 * All drawings of a run that have data, scenario by scenario within each section, then those of all scenarios; of a search, those of
 * the levels it came to; of a comparison, a forest plot a scenario; of a run that came with a history, its trends. What is drawn of a
 * few scenarios out of many is drawn of those that {@link undrawnDetails} does not name.
 */
export function drawCharts(
  run: RunData,
  summary: Summary,
  { comparison, trends = selectTrends(run, summary).drawn, everyDetail = false }: DrawOptions = {},
): NamedDrawing[] {
  const scenarios = shownScenarios(run, summary);
  const chosen = everyDetail ? scenarios : detailed(scenarios);
  return [
    ...named(capacityLatency(run), "capacity-latency", "capacity", run.capacity?.question.scenario.name ?? ""),
    ...(comparison === undefined ? [] : forestDrawings(comparison)),
    ...(Object.keys(CHARTS) as (keyof typeof CHARTS)[]).flatMap((section) => {
      const { each = [], details = [], run: ofRun = [], comparisons = [] } = CHARTS[section];
      return [
        ...drawEach(each, details, { scenarios, chosen, section }),
        ...drawRun(ofRun, scenarios, section),
        ...drawComparisons(comparisons, scenarios, section),
      ];
    }),
    ...climbDrawings(summary),
    ...trendDrawings(trends, run),
  ];
}

function forestDrawings(comparison: Comparison): NamedDrawing[] {
  const scenarios = [...new Set(comparison.cells.map(({ scenario }) => scenario))];
  const slugs = slugsOf(scenarios);
  return scenarios.flatMap((scenario, at) => named(forest(comparison, scenario), `forest-${slugs[at]!}`, "compare", scenario));
}

/** Of each scenario one a figure, with all servers that have it. */
function trendDrawings(trends: readonly Trend[], { measurements }: RunData): NamedDrawing[] {
  const scenarios = [...new Set(trends.map(({ series }) => series.scenario))];
  const slugs = slugsOf(scenarios);
  const libraryOf = (server: string): string => measurements.find(({ trial }) => trial.server === server)?.trial.library.name ?? "";
  return scenarios.flatMap((scenario, at) => {
    const own = trends.filter(({ series }) => series.scenario === scenario);
    return HISTORY_METRICS.flatMap((metric) => {
      const those = own.filter((trend) => trend.metric.name === metric);
      const [name] = slugsOf([metric]);
      return named(those.length === 0 ? undefined : trendDrawing(those, libraryOf), `trend-${name!}-${slugs[at]!}`, "trend", scenario);
    });
  });
}

function climbDrawings(summary: Summary): NamedDrawing[] {
  const climbs = climbsOf(summary);
  const slugs = slugsOf(climbs.map(({ scenario }) => scenario));
  return climbs.flatMap((climb, at) =>
    CLIMB_CHARTS.flatMap(({ name, draw }) => named(draw(climb), `${name}-${slugs[at]!}`, "scale", climb.scenario)),
  );
}

/** Names of the scenarios of which a page has no details; empty for most runs. */
export function undrawnDetails(run: RunData, summary: Summary): string[] {
  const scenarios = shownScenarios(run, summary);
  const chosen = new Set(detailed(scenarios));
  return scenarios.filter((data) => !chosen.has(data)).map(({ scenario }) => scenario.name);
}

function shownScenarios(run: RunData, summary: Summary): ScenarioData[] {
  return scenarioData(run, summary).filter((data) => isShown(data, run));
}

interface Drawn {
  readonly scenarios: readonly ScenarioData[];
  /** Those of them that are drawn in detail. */
  readonly chosen: readonly ScenarioData[];
  readonly section: ChartSection;
}

/** Scenario by scenario; a drawing has the same name whether the others are drawn or not. */
function drawEach(each: readonly Chart[], details: readonly Chart[], { scenarios, chosen, section }: Drawn): NamedDrawing[] {
  const slugs = slugsOf(scenarios.map(({ scenario }) => scenario.name));
  return scenarios.flatMap((data, at) =>
    [...each, ...(chosen.includes(data) ? details : [])].flatMap(({ name, draw }) =>
      named(draw(data), `${name}-${slugs[at]!}`, section, data.scenario.name),
    ),
  );
}

const ALL_SCENARIOS = "all scenarios";

/** Of a run with one scenario they bear its name. */
function drawRun(charts: readonly RunChart[], scenarios: readonly ScenarioData[], section: ChartSection): NamedDrawing[] {
  const scenario = scenarios.length === 1 ? scenarios[0]!.scenario.name : ALL_SCENARIOS;
  const [slug] = slugsOf([scenario]);
  return charts.flatMap(({ name, draw }) => named(draw(scenarios), `${name}-${slug!}`, section, scenario));
}

/** A search has some ten levels: those that the answers name are drawn, or a report would have a hundred charts. */
function isShown({ scenario, servers }: ScenarioData, { capacity }: RunData): boolean {
  if (capacity === undefined) return true;
  const level = scenario.parameters[capacity.question.vary];
  return capacity.servers.some(({ server, answer }) => answer.held === level && servers.some(({ cell }) => cell.server === server));
}

function drawComparisons(charts: readonly ComparisonChart[], scenarios: readonly ScenarioData[], section: ChartSection): NamedDrawing[] {
  return charts.flatMap(({ name, varied, draw }) => {
    const groups = [...variedTogether(scenarios, varied)];
    const slugs = slugsOf(groups.map(([common]) => common));
    return groups.flatMap(([common, group], at) => named(draw(group), `${name}-${slugs[at]!}`, section, common));
  });
}

function named(drawing: Drawing | undefined, name: string, section: ChartSection, scenario: string): NamedDrawing[] {
  return drawing === undefined ? [] : [{ ...drawing, name, section, scenario }];
}

/** Scenario names as parts of file names; those that would collide get a number. */
function slugsOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60) || "scenario";
    let slug = base;
    for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
    taken.add(slug);
    return slug;
  });
}
