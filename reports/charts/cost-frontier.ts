/** What is paid for speed: p99 against the server's CPU for a delivery, a mark a server, and the line that no server passes in both. */
import type { TopLevelSpec } from "vega-lite";
import { factorText, plainNumber } from "../figure-text.ts";
import { listed } from "../listed.ts";
import { isClosedLoop } from "../summary.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { logScale, spacedLabels } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { displayName, INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface CostPoint {
  readonly look: ServerLook;
  /** CPU time of the server for 1,000 deliveries. */
  readonly cpuMs: number;
  readonly p99Ms: number;
}

export const costFrontier: Chart = {
  name: "cost-frontier",
  draw(data) {
    const points = costPoints(data);
    if (points.length < 2) return undefined;
    return { caption: costFrontierCaption(points), spec: costFrontierSpec(points), table: table(points) };
  },
};

/** Medians over the trials of servers that have both figures; the latency of a closed loop is compared with none. */
export function costPoints({ servers }: ScenarioData): CostPoint[] {
  return servers.flatMap(({ look, cell }) => {
    const [p99, cpu] = [cell.metrics["delivery_latency_ms.p99"]?.median, cell.metrics["server_cpu_us_per_delivery"]?.median];
    // A microsecond a delivery is a millisecond a thousand.
    return p99 === undefined || cpu === undefined || p99 <= 0 || cpu <= 0 || isClosedLoop(cell) ? [] : [{ look, cpuMs: cpu, p99Ms: p99 }];
  });
}

/** Valid points that none other passes in both, less CPU and sooner (Pareto): the cheapest first. */
export function paretoOf(points: readonly CostPoint[]): CostPoint[] {
  const frontier: CostPoint[] = [];
  for (const point of points.filter(({ look }) => look.invalid !== true).toSorted((a, b) => a.cpuMs - b.cpuMs || a.p99Ms - b.p99Ms)) {
    if (point.p99Ms < (frontier.at(-1)?.p99Ms ?? Infinity)) frontier.push(point);
  }
  return frontier;
}

export function costFrontierCaption(points: readonly CostPoint[]): string {
  const frontier = paretoOf(points);
  const [cheapest] = frontier;
  const soonest = frontier.at(-1);
  if (cheapest === undefined || soonest === undefined) return NO_VALID_CELL;
  const valid = points.filter(({ look }) => look.invalid !== true).length;
  const note = valid === points.length ? "" : ` Of ${points.length} cells ${valid} are valid, and only those are compared.`;
  const of = ({ cpuMs, p99Ms }: CostPoint): string => `${plainNumber(cpuMs)} ms of CPU for 1,000 deliveries, p99 ${plainNumber(p99Ms)} ms`;
  if (cheapest === soonest) {
    const only = valid === 1 ? "the only valid one" : `the cheapest and the soonest of ${valid}`;
    return `${cheapest.look.server} is ${only}: ${of(cheapest)}.${note}`;
  }
  const between = frontier.length > 2 ? ` Between them ${listed(frontier.slice(1, -1).map(({ look }) => look.server))}.` : "";
  const times = factorText(soonest.cpuMs / cheapest.cpuMs).slice(1) || "1";
  return `${cheapest.look.server} is cheapest (${of(cheapest)}), ${soonest.look.server} soonest, at ${times} times the CPU (${of(soonest)}).${between}${note}`;
}

const WIDTH = 900;
const HEIGHT = 300;
const LINE_HEIGHT = 13;

export function costFrontierSpec(points: readonly CostPoint[]): TopLevelSpec {
  const x = logScale(points.map(({ cpuMs }) => cpuMs));
  const y = logScale(points.map(({ p99Ms }) => p99Ms));
  const domain = points.map(({ look }) => look.server);
  const nominal = { field: "server", type: "nominal", legend: null };
  const color = { ...nominal, scale: { domain, range: points.map(({ look }) => look.color) } };
  const position = {
    x: { field: "cpuMs", ...axis(x, "server CPU for 1,000 deliveries, ms (log): to the left is cheaper") },
    y: { field: "p99Ms", ...axis(y, "delivery latency p99, ms (log): lower is sooner") },
  };
  const rows = points.map(({ look, cpuMs, p99Ms }) => ({
    server: look.server,
    cpuMs,
    p99Ms,
    valid: look.invalid !== true,
    label: displayName(look),
  }));
  const places = spacedLabels(
    points.map(({ p99Ms }) => p99Ms),
    y,
    HEIGHT,
    LINE_HEIGHT,
  );
  const named = rows.map((row, at) => ({ ...row, place: places[at]! }));
  return specification({
    width: WIDTH,
    height: HEIGHT,
    layer: [
      {
        data: { values: paretoOf(points).map(({ cpuMs, p99Ms }) => ({ cpuMs, p99Ms })) },
        mark: { type: "line", strokeWidth: 9, strokeCap: "round", strokeJoin: "round", color: INK.grid.color },
        encoding: { ...position, order: { field: "cpuMs", type: "quantitative" } },
      },
      {
        data: { values: named },
        mark: { type: "rule", strokeWidth: 0.75, strokeDash: [1, 3], clip: false },
        encoding: { x: position.x, y: position.y, x2: { value: WIDTH + 4 }, y2: { field: "place" }, color },
      },
      {
        data: { values: rows },
        mark: { type: "point", size: 70, strokeWidth: 1.75 },
        encoding: {
          ...position,
          stroke: color,
          fill: { ...nominal, scale: { domain, range: points.map(({ look }) => (look.filled ? look.color : INK.paper.color)) } },
          shape: { ...nominal, scale: { domain, range: points.map(({ look }) => look.shape) } },
          opacity: { condition: { test: "datum.valid", value: 1 }, value: 0.65 },
        },
      },
      {
        data: { values: named },
        mark: { type: "text", align: "left", baseline: "middle", dx: 8, fontSize: 11 },
        encoding: { x: { value: WIDTH }, y: { ...position.y, field: "place" }, text: { field: "label" }, color },
      },
    ],
  });
}

function axis(scale: Scale, title: string) {
  return {
    type: "quantitative",
    scale: { type: scale.type, domain: scale.domain, nice: false },
    axis: { title, values: scale.ticks, grid: true, domain: false, ticks: false, labelExpr: "format(datum.value, ',~r')" },
  };
}

function table(points: readonly CostPoint[]): DataTable {
  const frontier = new Set(paretoOf(points));
  return {
    header: ["server", "CPU ms per 1,000 deliveries", "p99 ms", "on the line", "valid"],
    rows: points.map((point) => [
      point.look.server,
      point.cpuMs,
      point.p99Ms,
      frontier.has(point) ? "yes" : "no",
      point.look.invalid === true ? "no" : "yes",
    ]),
  };
}
