/** Latency against load, a panel a server: where it bends, and where it broke. */
import type { TopLevelSpec } from "vega-lite";
import type { CapacityPoint, CapacityRecord, ServerCapacity } from "../../load/capacity-record.ts";
import { VARIED } from "../../load/capacity-record.ts";
import { answerText, levelText, p99LimitMs } from "../capacity.ts";
import type { RunData } from "../run-data.ts";
import { median } from "../statistics.ts";
import type { Drawing } from "./chart.ts";
import { logScale } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { INK, lookOf, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

const FULL_WIDTH = 1160;
const AXIS_WIDTH = 64;
const HEIGHT = 220;

/** Shape tells the verdict, whatever the colour; what says nothing is hollow. */
const MARKS = { held: "circle", broke: "M-1,-1L1,1M-1,1L1,-1", open: "square" } as const;
const KEY = "a dot where it held, a cross where it broke, a square where it says nothing";

export interface CapacityPanel {
  readonly look: ServerLook;
  readonly held?: number;
  readonly broke?: number;
  readonly limitMs?: number;
  /** A trial each; `verdict` by its mark. */
  readonly trials: readonly { readonly x: number; readonly y: number; readonly verdict: keyof typeof MARKS }[];
  /** Medians of the trials of each level, which a line joins. */
  readonly p50: readonly (readonly [x: number, y: number])[];
  readonly p99: readonly (readonly [x: number, y: number])[];
}

/** Absent where the run is no search, or no trial of it had a p99. */
export function capacityLatency({ capacity, measurements }: RunData): Drawing | undefined {
  if (capacity === undefined) return undefined;
  const panels = capacity.servers.flatMap((server): CapacityPanel[] => {
    const library = measurements.find(({ trial }) => trial.server === server.server)?.trial.library.name ?? "";
    const panel = panelOf(server, lookOf(server.server, server.transport, library));
    return panel.trials.length === 0 ? [] : [panel];
  });
  if (panels.length === 0) return undefined;
  return { caption: caption(capacity), spec: capacitySpec(panels, capacity.question.vary), table: table(capacity) };
}

function panelOf({ points, answer: { held, broke }, slo }: ServerCapacity, look: ServerLook): CapacityPanel {
  const limitMs = p99LimitMs(slo);
  return {
    look,
    ...(held === undefined ? {} : { held }),
    ...(broke === undefined ? {} : { broke }),
    ...(limitMs === undefined ? {} : { limitMs }),
    trials: points.flatMap(({ level, p99, verdict }) => (isDrawn(p99) ? [{ x: level, y: p99, verdict: markOf(verdict) }] : [])),
    p50: medians(points, "p50"),
    p99: medians(points, "p99"),
  };
}

/** A logarithmic axis cannot show 0. */
function isDrawn(ms: number | undefined): ms is number {
  return ms !== undefined && ms > 0;
}

function markOf(verdict: CapacityPoint["verdict"]): keyof typeof MARKS {
  return verdict === "holds" ? "held" : verdict === "broke" ? "broke" : "open";
}

/** Of what was judged, by level; a level of which nothing was is left to its marks. */
function medians(points: readonly CapacityPoint[], name: "p50" | "p99"): [number, number][] {
  const judged = points.filter(({ verdict }) => verdict === "holds" || verdict === "broke");
  const levels = [...new Set(judged.map(({ level }) => level))].toSorted((a, b) => a - b);
  return levels.flatMap((level): [number, number][] => {
    const values = judged.filter((point) => point.level === level).flatMap((point) => (isDrawn(point[name]) ? [point[name]] : []));
    return values.length === 0 ? [] : [[level, median(values)]];
  });
}

export function capacitySpec(panels: readonly CapacityPanel[], vary: CapacityRecord["question"]["vary"]): TopLevelSpec {
  const columns = Math.min(3, panels.length);
  const width = Math.floor(FULL_WIDTH / columns) - AXIS_WIDTH - 16;
  const x = logScale(panels.flatMap(({ trials }) => trials.map((trial) => trial.x)));
  const values = panels.flatMap(({ trials, p50, limitMs = [] }) => [...trials.map(({ y }) => y), ...p50.map(([, y]) => y), limitMs].flat());
  const y = logScale(values, 0.12);
  return specification({
    columns,
    spacing: { row: 18, column: 16 },
    concat: panels.map((panel, at) =>
      drawn(panel, { x, y, width, xTitle: `${VARIED[vary]} (log)`, yTitle: at % columns === 0 ? "delivery latency, ms (log)" : null }),
    ),
  });
}

interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly xTitle: string;
  readonly yTitle: string | null;
}

function drawn({ look, held, broke, limitMs, trials, p50, p99 }: CapacityPanel, { x, y, width, xTitle, yTitle }: Frame) {
  const position = {
    x: { field: "x", type: "quantitative", scale: plain(x), axis: axis(x, xTitle) },
    y: { field: "y", type: "quantitative", scale: plain(y), axis: axis(y, yTitle) },
  };
  const line = (points: CapacityPanel["p50"], label: string, strokeWidth: number) => [
    {
      data: { values: points.map(([px, py]) => ({ x: px, y: py })) },
      mark: { type: "line", color: look.color, strokeWidth, clip: true, ...(look.dash.length === 0 ? {} : { strokeDash: look.dash }) },
      encoding: position,
    },
    {
      data: { values: points.slice(0, 1).map(([px, py]) => ({ x: px, y: py, label })) },
      mark: { type: "text", align: "left", baseline: "bottom", dx: 2, dy: -6, fontSize: 11, color: look.color },
      encoding: { ...position, text: { field: "label" } },
    },
  ];
  const marks = Object.entries(MARKS).flatMap(([verdict, shape]) => {
    const own = trials.filter((trial) => trial.verdict === verdict);
    if (own.length === 0) return [];
    const tint = verdict === "broke" ? INK.alarm.color : verdict === "open" ? INK.muted.color : look.color;
    const fill = verdict === "held" ? { fill: tint } : { fill: "transparent" };
    return [
      {
        data: { values: own.map((trial) => ({ x: trial.x, y: trial.y })) },
        mark: { type: "point", shape, size: verdict === "broke" ? 55 : 36, stroke: tint, strokeWidth: 1.8, opacity: 1, ...fill },
        encoding: position,
      },
    ];
  });
  return {
    title: look.invalid === true ? `${look.server} (invalid)` : look.server.slice(0, 40),
    width,
    height: HEIGHT,
    layer: [
      ...knee({ held, broke }, x, position),
      ...limit(limitMs, width, position),
      ...line(p50, "p50", 1),
      ...line(p99, "p99", 2),
      ...marks,
    ],
  };
}

/** The bracket as a band, or the level that held as a rule. */
function knee(
  { held, broke }: { readonly held: number | undefined; readonly broke: number | undefined },
  { domain }: Scale,
  { x }: { readonly x: object },
) {
  if (held === undefined && broke === undefined) return [];
  const from = held ?? domain[0];
  const label =
    broke === undefined ? `≥ ${levelText(from)}` : held === undefined ? `< ${levelText(broke)}` : `${levelText(held)}–${levelText(broke)}`;
  const right = Math.log(from / domain[0]) > Math.log(domain[1] / domain[0]) / 2;
  return [
    broke === undefined
      ? { data: { values: [{ x: from }] }, mark: { type: "rule", color: INK.muted.color, strokeDash: [4, 3] }, encoding: { x } }
      : { data: { values: [{ x: from, to: broke }] }, mark: { type: "rect", color: INK.grid.color }, encoding: { x, x2: { field: "to" } } },
    {
      data: { values: [{ x: from, label: `knee ${label}` }] },
      mark: {
        type: "text",
        align: right ? "right" : "left",
        baseline: "top",
        dx: right ? -4 : 4,
        dy: 3,
        fontSize: 11,
        fontWeight: 600,
        color: INK.fg.color,
      },
      encoding: { x, y: { value: 0 }, text: { field: "label" } },
    },
  ];
}

function limit(limitMs: number | undefined, width: number, { y }: { readonly y: object }) {
  if (limitMs === undefined) return [];
  return [
    { data: { values: [{ y: limitMs }] }, mark: { type: "rule", strokeDash: [2, 3], color: INK.alarm.color }, encoding: { y } },
    {
      data: { values: [{ y: limitMs, label: `p99 asked: ${levelText(limitMs)} ms` }] },
      mark: { type: "text", align: "right", baseline: "top", dx: -3, dy: 3, fontSize: 10, color: INK.alarm.color },
      encoding: { x: { value: width }, y, text: { field: "label" } },
    },
  ];
}

function caption({ question, servers }: CapacityRecord): string {
  const [best] = servers.filter(({ answer }) => answer.held !== undefined).toSorted((a, b) => b.answer.held! - a.answer.held!);
  const finding =
    best === undefined
      ? "No level held on any server"
      : `${servers.length > 1 ? "Most: " : ""}${best.server} ${answerText(question, best)}`;
  return `${finding}. A mark is a trial's p99: ${KEY}; the lines are medians.`;
}

function table({ question, servers }: CapacityRecord): Drawing["table"] {
  const rows = servers.flatMap(({ server, points }) =>
    points
      .toSorted((a, b) => a.level - b.level || a.trial - b.trial)
      .map(({ level, confirm, verdict, p50, p99, trial, reasons }) => [
        server,
        level,
        confirm ? "confirming" : "first",
        verdict,
        p50,
        p99,
        trial,
        reasons[0],
      ]),
  );
  return { header: ["server", VARIED[question.vary], "window", "verdict", "p50 ms", "p99 ms", "trial", "why"], rows };
}

function plain({ type, domain }: Scale) {
  return { type, domain, nice: false };
}

function axis({ ticks }: Scale, title: string | null) {
  return { title, values: ticks, grid: true, domain: false, ticks: false, labelExpr: "format(datum.value, ',~r')" };
}
