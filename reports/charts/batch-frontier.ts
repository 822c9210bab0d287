/** What a batch saves and what it costs: p99 against deliveries per CPU second, a line a server over its batches, one chart for all. */
import type { TopLevelSpec } from "vega-lite";
import { factorText, plainNumber } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { ComparisonChart, DataTable, ScenarioData } from "./chart.ts";
import { flagRows, legibleLabels, logScale, toPixels } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

/** One server over its batches, shortest first. */
export interface BatchLine {
  readonly look: ServerLook;
  readonly points: readonly BatchPoint[];
}

export interface BatchPoint {
  readonly batchMs: number;
  /** As the suite writes it. */
  readonly batch: string;
  /** Deliveries for each second of the server's CPU time. */
  readonly perCpuSecond: number;
  readonly p99Ms: number;
  readonly valid: boolean;
}

export const batchFrontier: ComparisonChart = {
  name: "batch-frontier",
  varied: "batch",
  draw(scenarios) {
    const lines = batchLines(scenarios);
    if (lines.length === 0) return undefined;
    return { caption: batchFrontierCaption(lines), spec: batchFrontierSpec(lines), table: table(lines) };
  },
};

/** Servers with two batches and more that have both figures; the latency of a closed loop is compared with none. */
export function batchLines(scenarios: readonly ScenarioData[]): BatchLine[] {
  const lines = new Map<string, { look: ServerLook; points: BatchPoint[] }>();
  for (const { scenario, servers } of scenarios) {
    for (const { look, cell } of servers) {
      const [p99, cpu] = [cell.metrics["delivery_latency_ms.p99"]?.median, cell.metrics["server_cpu_us_per_delivery"]?.median];
      if (p99 === undefined || cpu === undefined || p99 <= 0 || cpu <= 0 || isClosedLoop(cell)) continue;
      const { batchMs, parameters } = scenario;
      const line = lines.get(look.server) ?? { look, points: [] };
      const point = { batchMs, batch: String(parameters["batch"]), perCpuSecond: 1e6 / cpu, p99Ms: p99, valid: cell.validity.valid };
      line.points.push(point);
      lines.set(look.server, line);
    }
  }
  return [...lines.values()]
    .filter(({ points }) => points.length > 1)
    .map(({ look, points }) => ({ look, points: points.toSorted((a, b) => a.batchMs - b.batchMs) }));
}

/** Valid points that none other passes in both: more deliveries for the CPU, and no later; soonest first. */
export function frontierOf(lines: readonly BatchLine[]): BatchPoint[] {
  const points = lines.flatMap((line) => line.points.filter(({ valid }) => valid));
  const frontier: BatchPoint[] = [];
  for (const point of points.toSorted((a, b) => a.p99Ms - b.p99Ms || b.perCpuSecond - a.perCpuSecond)) {
    if (point.perCpuSecond > (frontier.at(-1)?.perCpuSecond ?? 0)) frontier.push(point);
  }
  return frontier;
}

export function batchFrontierCaption(lines: readonly BatchLine[]): string {
  const ends = lines.flatMap(({ look: { server }, points }) => {
    const valid = points.filter((point) => point.valid);
    const [shortest, longest] = [valid[0], valid.at(-1)];
    return shortest === undefined || longest === undefined || shortest === longest ? [] : [{ server, shortest, longest }];
  });
  if (ends.length === 0) return NO_VALID_CELL;
  const gain = ({ shortest, longest }: (typeof ends)[number]): number => longest.perCpuSecond / shortest.perCpuSecond;
  const [most] = ends.toSorted((a, b) => gain(b) - gain(a));
  const { server, shortest, longest } = most!;
  const times = factorText(gain(most!)).slice(1);
  const gained = `${server} gains most: ${under(longest)} it delivers ${times} times as much for its CPU as ${under(shortest)}`;
  const paid = `at a p99 of ${plainNumber(longest.p99Ms)} ms instead of ${plainNumber(shortest.p99Ms)}`;
  const found = times === "" ? "No server delivers more for its CPU with a longer batch" : `${gained}, ${paid}`;
  return [`${found}.`, ranking(lines), validNote(lines)].filter((sentence) => sentence !== "").join(" ");
}

/** Who delivers most for its CPU, at the shortest batch and at the longest; nothing where there are not two to compare. */
function ranking(lines: readonly BatchLine[]): string {
  const valid = lines.flatMap(({ look: { server }, points }) =>
    points.filter((point) => point.valid).map((point) => ({ server, ...point })),
  );
  const batches = lines.flatMap(({ points }) => points.map(({ batchMs }) => batchMs));
  const rankedAt = (batchMs: number) =>
    valid.filter((each) => each.batchMs === batchMs).toSorted((a, b) => b.perCpuSecond - a.perCpuSecond);
  const [[first, second], [last, beforeLast]] = [rankedAt(Math.min(...batches)), rankedAt(Math.max(...batches))];
  if (first === undefined || second === undefined || last === undefined || beforeLast === undefined) return "";
  const begin = under(first).replace(/^w/, "W");
  const who = first.server === last.server ? "it does as well" : `${last.server} does`;
  return `${begin} ${first.server} delivers most for its CPU, ${rateText(first)} a core; ${under(last)} ${who}, ${rateText(last)}.`;
}

function validNote(lines: readonly BatchLine[]): string {
  const points = lines.flatMap((line) => line.points);
  const valid = points.filter((point) => point.valid).length;
  return valid === points.length ? "" : `Of ${points.length} points ${valid} are valid, and only those are compared.`;
}

function under({ batchMs, batch }: BatchPoint): string {
  return batchMs === 0 ? "without a batch" : `with a batch of ${batch}`;
}

function rateText({ perCpuSecond }: BatchPoint): string {
  return `${plainNumber(Math.round(perCpuSecond))}/s`;
}

const WIDTH = 1080;
const HEIGHT = 360;
const LINE_HEIGHT = 14;
const NAME_PX = 6.6;
const BATCH_PX = 5.6;

export function batchFrontierSpec(lines: readonly BatchLine[]): TopLevelSpec {
  const points = lines.flatMap((line) => line.points.map((point) => ({ server: line.look.server, ...point })));
  const x = logScale(points.map(({ perCpuSecond }) => perCpuSecond));
  const y = logScale(points.map(({ p99Ms }) => p99Ms));
  const domain = lines.map(({ look }) => look.server);
  const server = { field: "server", type: "nominal", legend: null };
  const color = { ...server, scale: { domain, range: lines.map(({ look }) => look.color) } };
  const position = {
    x: { field: "perCpuSecond", ...axis(x, "deliveries per second of the server's CPU time (log): to the right is cheaper") },
    y: { field: "p99Ms", ...axis(y, "delivery latency p99, ms (log): lower is sooner") },
  };
  const opacity = { condition: { test: "datum.valid", value: 1 }, value: 0.65 };
  const flags = flagsOf(lines, x, y);
  return specification({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: frontierOf(lines) },
        mark: { type: "line", strokeWidth: 9, strokeCap: "round", strokeJoin: "round", color: INK.grid.color },
        encoding: { ...position, order: { field: "p99Ms", type: "quantitative" } },
      },
      {
        data: { values: flags },
        mark: { type: "rule", strokeWidth: 0.75, strokeDash: [1, 2] },
        encoding: { x: position.x, y: position.y, y2: { field: "top", type: "quantitative" }, color },
      },
      {
        data: { values: points },
        mark: { type: "line", strokeWidth: 1.5 },
        encoding: {
          ...position,
          color,
          order: { field: "batchMs", type: "quantitative" },
          strokeDash: { ...server, scale: { domain, range: lines.map(({ look: { dash } }) => (dash.length === 0 ? [1, 0] : dash)) } },
        },
      },
      {
        data: { values: points },
        mark: { type: "point", size: 46, strokeWidth: 1.5 },
        encoding: {
          ...position,
          stroke: color,
          fill: { ...server, scale: { domain, range: lines.map(({ look }) => (look.filled ? look.color : INK.paper.color)) } },
          shape: { ...server, scale: { domain, range: lines.map(({ look }) => look.shape) } },
          opacity,
        },
      },
      {
        data: { values: batchLabels(points, x, y) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 2, dy: 12, fontSize: 10, color: INK.muted.color },
        encoding: { ...position, text: { field: "label" } },
      },
      ...flags.map(({ row, ...flag }) => ({
        data: { values: [flag] },
        mark: { type: "text", align: "left", baseline: "bottom", dx: -3, fontSize: 11 },
        encoding: { x: position.x, y: { value: -row * LINE_HEIGHT - 2 }, text: { field: "label" }, color },
      })),
    ],
  });
}

/** The name of each server above the last of its points, on a row of its own where names would meet. */
function flagsOf(lines: readonly BatchLine[], x: Scale, y: Scale) {
  const flags = lines.map(({ look: { server }, points }) => {
    const { perCpuSecond, p99Ms } = points.at(-1)!;
    const name = server.length <= 28 ? server : `${server.slice(0, 27)}…`;
    const invalid = points.filter(({ valid }) => !valid).length;
    return {
      server,
      label: invalid > 0 ? `${name} (${invalid} of ${points.length} invalid)` : name,
      perCpuSecond,
      p99Ms,
      top: y.domain[1],
    };
  });
  const places = flags.map(({ perCpuSecond, label }) => ({ at: toPixels(perCpuSecond, x, WIDTH), length: label.length * NAME_PX }));
  const rows = flagRows(places);
  return flags.map((flag, at) => ({ ...flag, row: rows[at]! }));
}

/** The batch below each point, from the left, but for those that would cover another's: what stands close together is told apart by the table. */
function batchLabels(points: readonly ({ readonly server: string } & BatchPoint)[], x: Scale, y: Scale) {
  const labels = points.map((point) => ({ ...point, label: point.valid ? point.batch : `${point.batch} ✗` }));
  return legibleLabels(
    labels.toSorted((a, b) => a.perCpuSecond - b.perCpuSecond),
    ({ perCpuSecond, p99Ms, label }) => ({
      left: toPixels(perCpuSecond, x, WIDTH),
      middle: HEIGHT - toPixels(p99Ms, y, HEIGHT),
      width: label.length * BATCH_PX + 4,
      height: 11,
    }),
  );
}

function axis(scale: Scale, title: string) {
  return {
    type: "quantitative",
    scale: { type: scale.type, domain: scale.domain, nice: false },
    axis: { title, values: scale.ticks, grid: true, domain: false, ticks: false, labelExpr: "format(datum.value, ',~r')" },
  };
}

function table(lines: readonly BatchLine[]): DataTable {
  return {
    header: ["server", "batch", "deliveries per CPU second", "p99 ms", "valid"],
    rows: lines.flatMap(({ look, points }) =>
      points.map(({ batch, perCpuSecond, p99Ms, valid }) => [look.server, batch, Math.round(perCpuSecond), p99Ms, valid ? "yes" : "no"]),
    ),
  };
}
