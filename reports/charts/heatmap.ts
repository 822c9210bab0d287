/** Latency against time for every server, as dark or bright as there were deliveries: stalls, collections and waves show as columns. */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { createHistogram } from "../../load/histogram.ts";
import { counted, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { binned, binWidth, mergedLatency } from "./over-time.ts";
import { heatPanels } from "./heat-panels.ts";
import type { HeatCell } from "./heat-panels.ts";
import { countAbove, longestMs, SLOW, STALL_RULE, stallsOf } from "./stalls.ts";
import type { SecondLatency, Stall } from "./stalls.ts";
import type { ServerLook } from "./style.ts";

/** Of all panels of a chart together. */
export const MOST_CELLS = 1_800;
const FINEST = { rows: 24, columns: 60 } as const;
const COARSEST_ROWS = 6;
/** Shorter latencies stand at the lower edge: the axis is logarithmic. */
const LEAST_NS = 1_000;

/** One server, second by second, or in what {@link binWidth} makes of many. */
export interface HeatServer {
  readonly look: ServerLook;
  readonly seconds: readonly SecondLatency[];
  /** Of the measured window. */
  readonly medianNs: number;
  readonly stalls: readonly Stall[];
}

/** The same grid for all servers of a scenario. */
export interface HeatGrid {
  /** Of the latency, ms. */
  readonly rowEdges: readonly number[];
  /** Seconds that a column stands for. */
  readonly width: number;
  readonly servers: readonly { readonly look: ServerLook; readonly cells: readonly HeatCell[] }[];
}

export const heatmap: Chart = {
  name: "heatmap",
  draw(data) {
    const servers = heatServers(data);
    if (servers.length === 0) return undefined;
    const grid = heatGrid(servers, data.scenario);
    return { caption: heatmapCaption(servers, data.scenario), spec: heatmapSpec(grid, data.scenario), table: table(servers, grid) };
  },
};

/** The typical trial of each server, at all subscribers; a server without a delivery is left out. */
export function heatServers({ scenario, servers }: ScenarioData): HeatServer[] {
  return servers.flatMap(({ look, typical }): HeatServer[] => {
    if (typical === undefined) return [];
    const whole = createHistogram();
    const seconds = binned(typical, binWidth(scenario)).flatMap((bin): SecondLatency[] => {
      const histogram = mergedLatency(bin, ({ population }) => population);
      if (bin.atSecond >= 0) whole.add(histogram);
      return histogram.count === 0 ? [] : [{ atSecond: bin.atSecond, count: histogram.count, buckets: histogram.buckets() }];
    });
    const medianNs = whole.quantile(0.5);
    if (medianNs === undefined) return [];
    const measured = seconds.filter(({ atSecond }) => atSecond >= 0);
    return [{ look, seconds, medianNs, stalls: stallsOf(measured, medianNs) }];
  });
}

/** The finest grid that has no more cells with a delivery than a chart may have. */
export function heatGrid(servers: readonly HeatServer[], scenario: Scenario): HeatGrid {
  const all = servers.flatMap(({ seconds }) => seconds);
  const low = Math.max(LEAST_NS, Math.min(...all.map(({ buckets }) => buckets[0]![0])));
  const high = Math.max(low * 2, ...all.map(({ buckets }) => buckets.at(-1)![1] + 1));
  // Logarithms are taken once, and not for every grid that is tried.
  const placeOf = (ns: number): number => Math.min(1, Math.max(0, Math.log(ns / low) / Math.log(high / low)));
  const placed = servers.map(({ look, seconds }) => ({
    look,
    seconds: seconds.map(({ atSecond, buckets }) => ({
      atSecond,
      places: buckets.map(([least, most, count]) => ({ place: placeOf((least + most) / 2), count })),
    })),
  }));
  const second = binWidth(scenario);
  const spanSeconds = (scenario.warmupMs + scenario.durationMs) / 1_000;
  for (let rows: number = FINEST.rows, columns: number = FINEST.columns; ; rows *= 0.9, columns *= 0.8) {
    const shape = {
      rows: Math.max(COARSEST_ROWS, Math.round(rows)),
      width: second * Math.max(1, Math.ceil(spanSeconds / second / columns)),
    };
    const gridded = placed.map(({ look, seconds }) => ({ look, cells: cellsIn(seconds, shape) }));
    // A column that is as wide as the whole is the last there is.
    if (gridded.reduce((sum, { cells }) => sum + cells.length, 0) <= MOST_CELLS || shape.width >= 2 * spanSeconds) {
      const rowEdges = Array.from({ length: shape.rows + 1 }, (_, at) => (low * (high / low) ** (at / shape.rows)) / 1e6);
      return { rowEdges, width: shape.width, servers: gridded };
    }
  }
}

interface PlacedSecond {
  readonly atSecond: number;
  /** From 0 at the lower edge of all to 1 at the upper one. */
  readonly places: readonly { readonly place: number; readonly count: number }[];
}

/** Cells with a delivery, column by column. */
function cellsIn(seconds: readonly PlacedSecond[], { rows, width }: { readonly rows: number; readonly width: number }): HeatCell[] {
  const columns = new Map<number, number[]>();
  for (const { atSecond, places } of seconds) {
    // Warm-up and window do not share a column: 0 is an edge at every width.
    const from = Math.floor(atSecond / width) * width;
    const counts = columns.get(from) ?? Array.from({ length: rows }, () => 0);
    columns.set(from, counts);
    for (const { place, count } of places) counts[Math.min(rows - 1, Math.floor(rows * place))]! += count;
  }
  return [...columns].flatMap(([from, counts]) => counts.flatMap((count, row) => (count === 0 ? [] : [{ from, row, count }])));
}

export function heatmapSpec({ rowEdges, width, servers }: HeatGrid, scenario: Scenario): TopLevelSpec {
  return heatPanels({ panels: servers, rowEdges, width, endSecond: scenario.durationMs / 1_000 });
}

export function heatmapCaption(servers: readonly HeatServer[], scenario: Scenario): string {
  const valid = servers.filter(({ look }) => look.invalid !== true);
  if (valid.length === 0) return NO_VALID_CELL;
  const stalls = valid.flatMap(({ look, stalls: own }) => own.map((stall) => ({ server: look.server, ...stall })));
  const [worst] = stalls.toSorted((a, b) => b.slow - a.slow || b.longestMs - a.longestMs);
  if (worst === undefined) return `No ${valid.length < servers.length ? "valid cell" : "server"} stalled: nowhere ${STALL_RULE}.`;
  const { server, atSecond, slow, of, limitMs } = worst;
  const width = binWidth(scenario);
  const when = width === 1 ? `at second ${plainNumber(atSecond)}` : `in the ${width} s from second ${plainNumber(atSecond)} on`;
  const stalled = new Set(stalls.map((stall) => stall.server)).size;
  const all = stalls.length === 1 ? "the only stall" : `the worst of ${stalls.length} stalls on ${counted(stalled, "server")}`;
  return `${server} ${when}: ${plainNumber(slow)} of ${counted(of, "delivery").replace("deliverys", "deliveries")} took longer than ${plainNumber(limitMs)} ms, five times its median, the longest ${plainNumber(worst.longestMs)} ms; ${all}.`;
}

/** A row a column of the grid: the cells themselves would be a table of thousands. */
function table(servers: readonly HeatServer[], { width }: HeatGrid): DataTable {
  const columnOf = (atSecond: number): number => Math.floor(atSecond / width) * width;
  const moments = [...new Set(servers.flatMap(({ seconds }) => seconds.map(({ atSecond }) => columnOf(atSecond))))];
  return {
    header: ["second", ...servers.flatMap(({ look }) => [`${look.server} above ${SLOW} × median`, `${look.server} longest ms`])],
    rows: moments
      .toSorted((a, b) => a - b)
      .map((from) => [
        from,
        ...servers.flatMap(({ seconds, medianNs }) => {
          const own = seconds.filter(({ atSecond }) => columnOf(atSecond) === from);
          if (own.length === 0) return [undefined, undefined];
          const slow = own.reduce((sum, second) => sum + countAbove(second, SLOW * medianNs), 0);
          return [slow, Math.max(...own.map(longestMs))];
        }),
      ]),
  };
}
