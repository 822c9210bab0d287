/** Lines in one panel, or in a panel for each transport family, all on the same scales: the frame of every chart over time. */
import type { TopLevelSpec } from "vega-lite";
import { noteLayers } from "./point-notes.ts";
import type { PointNote } from "./point-notes.ts";
import { spacedLabels } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { displayName, FAMILIES, INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface Line {
  readonly look: ServerLook;
  /** What it shows, where a server has several lines: `p99`. */
  readonly measure?: string;
  /** Drawn thin, beside the main line of its server. */
  readonly secondary?: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** What is to be said of some of its points. */
  readonly notes?: readonly PointNote[];
}

export interface PanelOptions {
  readonly lines: readonly Line[];
  /** `family`: small multiples; `together`: all lines in one panel, which six lines can bear. */
  readonly arrangement: "family" | "together";
  readonly x: { readonly title: string; readonly scale: Scale; readonly labelExpr?: string };
  readonly y: { readonly title: string; readonly scale: Scale; readonly labelExpr?: string };
  /** Spans of x to shade: warm-up, and what lies outside the measured window. */
  readonly shade?: readonly Span[];
  /** Spans one behind the other that are named above the panel, every other one of them tinted: phases. */
  readonly bands?: readonly Span[];
  /** A level, or the course of one, to compare with; its label stands at the right, above the last point. */
  readonly reference?: { readonly points: readonly (readonly [x: number, y: number])[]; readonly label: string };
  /** Moments that stand as short lines along the bottom, in the panel of their server. */
  readonly ticks?: readonly Tick[];
  readonly height?: number;
  /** The servers' marks stand at each point, which few points can bear, and not at the last alone. */
  readonly everyPoint?: boolean;
}

/** An error red and at the very bottom, a reconnect dark and above it. */
export interface Tick {
  readonly server: string;
  readonly kind: "error" | "reconnect";
  readonly x: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

const FULL_WIDTH = 1160;
const AXIS_WIDTH = 50;

/** Drawn under a label, where a line that ends early has others beside it. */
const HALO = { stroke: INK.paper.color, strokeWidth: 3 } as const;

/** One panel for each family that has a line, or a single one. */
export function linePanels(options: PanelOptions): TopLevelSpec {
  const { lines, arrangement } = options;
  const families = Object.keys(FAMILIES).filter((family) => lines.some(({ look }) => look.family === family));
  const groups = arrangement === "together" ? [lines] : families.map((family) => lines.filter(({ look }) => look.family === family));
  const crowded = groups.some((group) => new Set(group.map(({ look }) => look.server)).size > 1);
  const columns = Math.min(groups.length, crowded ? 2 : 3);
  const labels = Math.max(0, ...groups.flatMap((group) => group.map((line) => labelOf(line, group).length))) * 6.4 + 14;
  const width = Math.floor((FULL_WIDTH - columns * (AXIS_WIDTH + labels)) / columns);
  const height = options.height ?? (arrangement === "together" ? 300 : crowded ? 180 : 150);
  return specification({
    columns,
    spacing: { row: 18, column: 16 },
    concat: groups.map((group, at) =>
      panel(group, options, { width, height, first: at % columns === 0, titled: arrangement === "family" }),
    ),
  });
}

interface PanelFrame {
  readonly width: number;
  readonly height: number;
  readonly first: boolean;
  readonly titled: boolean;
}

function panel(
  lines: readonly Line[],
  { lines: all, x, y, shade = [], bands = [], reference, ticks = [], everyPoint = false }: PanelOptions,
  frame: PanelFrame,
) {
  const { width, height } = frame;
  const names = namesAbove(bands, x.scale, width);
  // Of all panels, for they share their scales.
  const looks = looksOf(all);
  const position = {
    x: { field: "x", type: "quantitative", scale: plain(x.scale), axis: axis(x, frame.first ? x.title : null) },
    y: { field: "y", type: "quantitative", scale: plain(y.scale), axis: axis(y, frame.first ? y.title : null) },
  };
  const server = { field: "server", type: "nominal", legend: null };
  const domain = looks.map((look) => look.server);
  const color = { ...server, scale: { domain, range: looks.map((look) => look.color) } };
  const places = spacedLabels(
    lines.map((line) => line.points.at(-1)?.[1] ?? 0),
    y.scale,
    height,
  );
  const ends = lines.flatMap((line, at) => {
    const [endX, endY] = line.points.at(-1) ?? [];
    if (endX === undefined || endY === undefined) return [];
    return [{ server: line.look.server, x: endX, y: endY, place: places[at]!, label: labelOf(line, lines), main: line.secondary !== true }];
  });
  const points = lines.flatMap((line, at) => line.points.map(([px, py]) => pointRow(line, at, px, py)));
  return {
    ...(frame.titled ? { title: titleOf(looksOf(lines)) } : {}),
    width,
    height,
    layer: [
      ...rects(shade, {}, position.x),
      ...texts(
        shade.filter(({ label }) => label !== "").map(({ from, label }) => ({ x: from, label })),
        { baseline: "top", dx: 3, dy: 2 },
        { x: position.x, y: { value: 0 } },
      ),
      ...rects(
        bands.filter((_, at) => at % 2 === 1),
        { opacity: 0.6 },
        position.x,
      ),
      ...names.flatMap(({ from, label, row }) =>
        texts([{ x: from, label }], { baseline: "bottom", dx: 2 }, { x: position.x, y: { value: -2 - row * NAME_HEIGHT } }),
      ),
      ...(reference === undefined
        ? []
        : [
            {
              data: { values: reference.points.map(([px, py], order) => ({ x: px, y: py, order })) },
              mark: { type: "line", strokeDash: [1, 3], strokeWidth: 1, color: INK.muted.color },
              encoding: { ...position, order: { field: "order" } },
            },
            {
              data: { values: [{ y: reference.points.at(-1)?.[1], label: reference.label }] },
              mark: { type: "text", align: "right", baseline: "bottom", dx: -3, dy: -2, fontSize: 10, color: INK.muted.color },
              encoding: { x: { value: width }, y: position.y, text: { field: "label" } },
            },
          ]),
      {
        data: { values: points },
        mark: { type: "line", clip: true },
        encoding: {
          ...position,
          detail: { field: "line", type: "nominal" },
          color,
          strokeDash: { ...server, scale: { domain, range: looks.map(({ dash }) => (dash.length === 0 ? [1, 0] : dash)) } },
          strokeWidth: { condition: { test: "datum.main", value: 2 }, value: 1 },
          opacity: { condition: { test: "datum.main", value: 1 }, value: 0.75 },
        },
      },
      {
        data: { values: everyPoint ? points.filter(({ main }) => main) : ends.filter(({ main }) => main) },
        mark: { type: "point", size: 42, strokeWidth: 1.5, opacity: 1 },
        encoding: {
          ...position,
          stroke: color,
          fill: { ...server, scale: { domain, range: looks.map((look) => (look.filled ? look.color : INK.paper.color)) } },
          shape: { ...server, scale: { domain, range: looks.map(({ shape }) => shape) } },
        },
      },
      ...tickLayers(
        ticks.filter((tick) => isWithin(tick.x, x.scale) && lines.some(({ look }) => look.server === tick.server)),
        position.x,
        height,
      ),
      ...noteLayers(
        lines.flatMap(({ notes = [] }) => notes),
        position,
      ),
      ...[HALO, {}].map((halo) => ({
        data: { values: ends.filter(({ label }) => label !== "") },
        mark: { type: "text", align: "left", baseline: "middle", dx: 8, fontSize: 11, ...halo },
        encoding: { x: position.x, y: { ...position.y, field: "place" }, text: { field: "label" }, color },
      })),
    ],
  };
}

/** Shaded spans in one layer, or in none: what a layer takes to draw is more than what is in it. */
function rects(spans: readonly Span[], mark: { readonly opacity?: number }, x: object) {
  if (spans.length === 0) return [];
  return [
    {
      data: { values: spans.map(({ from, to }) => ({ from, to })) },
      mark: { type: "rect", color: INK.shade.color, ...mark },
      encoding: { x: { ...x, field: "from" }, x2: { field: "to" } },
    },
  ];
}

/** Small words to the right of where they stand, in one layer. */
function texts(
  values: readonly { readonly x: number; readonly label: string }[],
  mark: { readonly baseline: string; readonly dx: number; readonly dy?: number },
  position: object,
) {
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: "text", align: "left", fontSize: 10, color: INK.muted.color, ...mark },
      encoding: { ...position, text: { field: "label" } },
    },
  ];
}

function isWithin(value: number, { domain: [low, high] }: Scale): boolean {
  return value >= low && value <= high;
}

const TICK_HEIGHT = 8;

/** Several of a panel's servers at one moment are one line. */
function tickLayers(ticks: readonly Tick[], x: object, height: number) {
  const kinds = [
    { kind: "error", color: INK.alarm.color, bottom: height },
    { kind: "reconnect", color: INK.fg.color, bottom: height - TICK_HEIGHT - 2 },
  ] as const;
  return kinds.flatMap(({ kind, color, bottom }) => {
    const moments = new Set(ticks.filter((tick) => tick.kind === kind).map((tick) => tick.x));
    if (moments.size === 0) return [];
    return [
      {
        data: { values: [...moments].map((moment) => ({ x: moment })) },
        mark: { type: "rule", strokeWidth: 1.5, color },
        encoding: { x, y: { value: bottom }, y2: { value: bottom - TICK_HEIGHT } },
      },
    ];
  });
}

const NAME_HEIGHT = 11;
/** Of a letter, in px, at the size of these names. */
const LETTER_WIDTH = 5.6;

/** Where the names of spans stand, the lowest row in which each has room: that of a short span reaches over the next one. */
function namesAbove(spans: readonly Span[], { domain: [low, high] }: Scale, width: number): (Span & { readonly row: number })[] {
  const taken: number[] = [];
  return spans.map((span) => {
    const fromPx = ((span.from - low) / (high - low)) * width;
    const free = taken.findIndex((untilPx) => untilPx <= fromPx);
    const row = free < 0 ? taken.length : free;
    taken[row] = fromPx + span.label.length * LETTER_WIDTH + 6;
    return { ...span, row };
  });
}

function looksOf(lines: readonly Line[]): ServerLook[] {
  return [...new Map(lines.map(({ look }) => [look.server, look])).values()];
}

function pointRow(line: Line, at: number, x: number, y: number) {
  return { server: line.look.server, line: at, main: line.secondary !== true, x, y };
}

/**
 * A server's name where its panel holds several servers; then thin lines go without a label, or there would be two of each. What ended
 * a line stands behind it.
 */
function labelOf(line: Line, group: readonly Line[]): string {
  const alone = group.every(({ look }) => look.server === line.look.server);
  const name = alone ? line.measure : line.secondary === true ? undefined : displayName(line.look);
  const end = line.notes?.find(({ kind }) => kind === "end")?.word;
  return [name, end].filter((part) => part !== undefined).join(" · ");
}

function titleOf(looks: readonly ServerLook[]): string {
  return looks.length === 1 ? displayName(looks[0]!) : looks[0]!.familyLabel;
}

function plain({ type, domain }: Scale) {
  return { type, domain, nice: false };
}

function axis(
  { scale, labelExpr = "format(datum.value, ',~r')" }: { readonly scale: Scale; readonly labelExpr?: string },
  title: string | null,
) {
  return { title, values: scale.ticks, grid: true, domain: false, ticks: false, labelExpr };
}
