/** A climb for the terminal: a row a server and number of subscribers, and under each server what ended its climb. */
import type { createColors } from "picocolors";
import { cellsOf, stopText, subscribersOf } from "../climb.ts";
import type { Climb, ServerClimb } from "../climb.ts";
import { COMPACT_CLIMB_COLUMNS, LATENCY_COLUMN } from "../climb-column.ts";
import { fillColumns } from "../column.ts";
import type { FilledColumn } from "../column.ts";
import { counted, figureText, plainNumber } from "../figure-text.ts";
import type { Cell } from "../summary.ts";
import { aligned, GAP, HEADER_LINES, nameWidth } from "./aligned.ts";
import { printable } from "./escape.ts";
import { cutTo, textWidth } from "./text-width.ts";
import { wrapped } from "./wrap.ts";

/** What is behind a p99 that is of all subscribers. */
const OF_ALL = "*";

const STOP_INDENT = 2;

/** No line is wider than `width`, but for a word that is. */
export function climbRows(climb: Climb, width: number, paint: ReturnType<typeof createColors>): string[] {
  const cells = cellsOf(climb);
  const columns = fillColumns(cells, COMPACT_CLIMB_COLUMNS);
  let shown = columns.length;
  let rows = layOut(climb, columns, width);
  while (shown > 1 && textWidth(rows[0]!) > width) rows = layOut(climb, columns.slice(0, --shown), width);
  const [header, body] = [rows.slice(0, HEADER_LINES), rows.slice(HEADER_LINES)];
  const painted = body.map((row, at) => (cells[at]!.validity.valid ? row : paint.dim(row)));
  const note = (text: string): string => paint.dim(wrapped(text, width));
  return [
    ...header,
    ...climb.servers.flatMap((server) => [
      ...(server.cells.length === 0 ? [cutTo(printable(server.server), nameWidth(width))] : []),
      ...server.cells.map((cell) => painted[cells.indexOf(cell)]!),
      ...(server.stop === undefined
        ? []
        : [paint.yellow(wrapped(" ".repeat(STOP_INDENT) + printable(stopText(server.stop)), width, STOP_INDENT + 2))]),
    ]),
    ...(cells.some(isOfAll) ? [note(`${OF_ALL} of all subscribers: the probes heard too few messages`)] : []),
    ...(shown < columns.length ? [note(`${counted(columns.length - shown, "column")} more in summary.md and report.html`)] : []),
  ];
}

function layOut({ servers }: Climb, columns: readonly FilledColumn[], width: number): string[] {
  const cells = servers.flatMap((server) => server.cells);
  const names = servers.flatMap((server) => serverNames(server, width));
  const marks = cells.map(({ validity }) => (validity.valid ? "  " : " ✗"));
  const padded = [
    aligned(["server", "", ...names], "left"),
    aligned(["connections  ", "", ...cells.map((cell, row) => plainNumber(subscribersOf(cell)) + marks[row]!)], "right"),
    ...columns.map((column) => aligned([column.short, column.column.unit, ...figures(column, cells)], "right")),
  ];
  return padded[0]!.map((_, row) => padded.map((column) => column[row]!).join(GAP));
}

/** Its name stands once. */
function serverNames({ server, cells }: ServerClimb, width: number): string[] {
  return cells.map((_, at) => (at === 0 ? cutTo(printable(server), nameWidth(width)) : ""));
}

function figures({ column, values }: FilledColumn, cells: readonly Cell[]): string[] {
  const marked = column.key === LATENCY_COLUMN && cells.some(isOfAll);
  return values.map((value, row) => {
    const text = value === undefined ? "–" : figureText(value.summary, column.divisor).value;
    return marked ? text + (value !== undefined && isOfAll(cells[row]!) ? OF_ALL : " ") : text;
  });
}

function isOfAll({ deliveryLatencySource }: Cell): boolean {
  return deliveryLatencySource["p99"] === "population";
}
