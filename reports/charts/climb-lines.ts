/** A figure against the number of connections, a line a server, a point a level, both axes logarithmic: the frame of the charts of a climb. */
import { cellsOf, isMeasured, subscribersOf } from "../climb.ts";
import type { Climb, ServerClimb } from "../climb.ts";
import { plainNumber } from "../figure-text.ts";
import type { Cell } from "../summary.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { DataTable, Drawing } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import type { PointNote } from "./point-notes.ts";
import { logScale } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { lookOf } from "./style.ts";

export interface ClimbChart {
  /** Stable: part of the names of files and anchors. */
  readonly name: string;
  /** Absent where no cell has the figure. */
  readonly draw: (climb: Climb) => Drawing | undefined;
}

export interface ClimbFigure {
  readonly name: string;
  /** The metrics that can be it, the best first; one chart takes the one that most cells have. */
  readonly metrics: readonly string[];
  readonly divisor?: number;
  /** What a value in the table is in. */
  readonly unit: string;
  /** Of the y axis. */
  readonly title: string;
  /** Cells without it have no point. */
  readonly holds?: (cell: Cell) => boolean;
  /** Where the line of a server bends. */
  readonly kneeOf?: (valid: readonly ClimbPoint[]) => ClimbPoint | undefined;
  /** The finding of lines of which some have valid points. */
  readonly caption: (lines: readonly ClimbLine[]) => string;
}

export interface ClimbLine extends Line {
  readonly levels: readonly ClimbPoint[];
  readonly knee?: ClimbPoint;
}

export interface ClimbPoint {
  readonly connections: number;
  readonly value: number;
  readonly valid: boolean;
}

/** More levels than this cannot all be ticks. */
const MOST_TICKS = 8;

export function climbChart(figure: ClimbFigure): ClimbChart {
  return {
    name: figure.name,
    draw(climb) {
      const lines = climbLines(climb, figure);
      if (lines.length === 0) return undefined;
      const valid = lines.some(({ levels }) => levels.some((point) => point.valid));
      return {
        caption: valid ? figure.caption(lines) : NO_VALID_CELL,
        spec: linePanels({
          lines,
          arrangement: "family",
          x: { title: "connections (log)", scale: levelScale(climb), labelExpr: "format(datum.value, '~s')" },
          y: { title: `${figure.title} (log)`, scale: logScale(lines.flatMap(({ levels }) => levels.map(({ value }) => value))) },
          everyPoint: true,
        }),
        table: climbTable(lines, figure.unit),
      };
    },
  };
}

/** What a caption compares: the servers with a valid point at the highest level that two have, or one. */
export function atTheTop(lines: readonly ClimbLine[]): { readonly connections: number; readonly servers: readonly TopValue[] } | undefined {
  const valid = lines.flatMap(({ look, levels }) =>
    levels.filter((point) => point.valid).map((point) => ({ server: look.server, ...point })),
  );
  const at = (connections: number): TopValue[] =>
    valid.filter((point) => point.connections === connections).toSorted((a, b) => a.value - b.value);
  const downwards = [...new Set(valid.map(({ connections }) => connections))].toSorted((a, b) => b - a);
  const connections = downwards.find((level) => at(level).length > 1) ?? downwards[0];
  return connections === undefined ? undefined : { connections, servers: at(connections) };
}

export interface TopValue {
  readonly server: string;
  readonly value: number;
}

/** `At 5,000 connections p99 is 12 ms with sse-uws, the least, and 40 ms with sse-node, the most of 4.` */
export function comparisonAtTheTop(lines: readonly ClimbLine[], what: string, unit: string): string {
  const { connections, servers } = atTheTop(lines)!;
  const [least, most] = [servers[0]!, servers.at(-1)!];
  const amount = ({ value }: TopValue) => `${plainNumber(value)} ${unit}`.trimEnd();
  const at = `At ${plainNumber(connections)} connections ${what} is`;
  if (servers.length === 1) return `${at} ${amount(least)} with ${least.server}.`;
  return least.value === most.value
    ? `${at} ${amount(least)} with all ${servers.length} servers.`
    : `${at} ${amount(least)} with ${least.server}, the least, and ${amount(most)} with ${most.server}, the most of ${servers.length}.`;
}

export function climbLines(climb: Climb, figure: ClimbFigure): ClimbLine[] {
  const cells = cellsOf(climb);
  const reach = figure.metrics.map((metric) => cells.filter((cell) => cell.metrics[metric] !== undefined).length);
  const metric = figure.metrics[reach.indexOf(Math.max(...reach))]!;
  return climb.servers.flatMap((server) => {
    const levels = server.cells.flatMap((cell) => pointsOf(cell, metric, figure));
    const [first] = server.cells;
    if (first === undefined || levels.length === 0) return [];
    const look = { ...lookOf(server.server, first.transport, first.library.name), invalid: levels.every(({ valid }) => !valid) };
    const knee = figure.kneeOf?.(levels.filter(({ valid }) => valid));
    const points = levels.map(({ connections, value }) => [connections, value] as const);
    return [{ look, levels, points, notes: notesOf(levels, server, knee), ...(knee === undefined ? {} : { knee }) }];
  });
}

/** A logarithmic axis has no place for 0. */
function pointsOf(cell: Cell, metric: string, { divisor = 1, holds = () => true }: ClimbFigure): ClimbPoint[] {
  const value = (cell.metrics[metric]?.median ?? 0) / divisor;
  return value > 0 && holds(cell) ? [{ connections: subscribersOf(cell), value, valid: cell.validity.valid }] : [];
}

function notesOf(levels: readonly ClimbPoint[], { stop }: ServerClimb, knee: ClimbPoint | undefined): PointNote[] {
  const note = (kind: PointNote["kind"], { connections, value }: ClimbPoint, word: string): PointNote => ({
    kind,
    x: connections,
    y: value,
    word,
  });
  return [
    ...levels.filter(({ valid }) => !valid).map((point) => note("invalid", point, "invalid")),
    ...(knee === undefined ? [] : [note("knee", knee, "knee")]),
    ...(stop === undefined ? [] : [note("end", levels.at(-1)!, stop.word)]),
  ];
}

/** The same in every chart of a climb. */
function levelScale(climb: Climb): Scale {
  const levels = [...new Set(cellsOf(climb).filter(isMeasured).map(subscribersOf))].toSorted((a, b) => a - b);
  const ticks = levels.length > MOST_TICKS ? logScale(levels).ticks : levels;
  return { type: "log", domain: [levels[0]! / 1.15, levels.at(-1)! * 1.15], ticks };
}

function climbTable(lines: readonly ClimbLine[], unit: string): DataTable {
  return {
    header: ["server", "connections", unit, "validity"],
    rows: lines.flatMap(({ look, levels }) =>
      levels.map(({ connections, value, valid }) => [look.server, connections, value, valid ? "valid" : "invalid"]),
    ),
  };
}
