/** A summary as a table for the terminal: doubts first, then figures, as wide as the terminal allows. */
import { createColors } from "picocolors";
import { cellsOf, climbsOf, subscribersOf } from "../climb.ts";
import { fillColumns } from "../column.ts";
import type { ColumnValue, FilledColumn } from "../column.ts";
import { counted, factorText, figureText, plainNumber } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import type { Cell, Summary } from "../summary.ts";
import { phaseFindings } from "../phase-findings.ts";
import { phaseTable } from "../phase-table.ts";
import { VERDICT_WORDS } from "../textbook.ts";
import type { ClaimResult } from "../textbook/claim.ts";
import { thresholdText } from "../threshold.ts";
import type { ThresholdResult } from "../threshold.ts";
import { intervalNote, judge, scenariosBeside } from "../verdict.ts";
import { aligned, GAP, HEADER_LINES, nameWidth } from "./aligned.ts";
import { climbRows } from "./climb-rows.ts";
import { printable } from "./escape.ts";
import { cutTo, textWidth } from "./text-width.ts";
import { wrapped } from "./wrap.ts";

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Paint = ReturnType<typeof createColors>;

type Detail = "interval" | "factor" | "value";
const DETAILS: readonly Detail[] = ["interval", "factor", "value"];

/** What a remark's text stands behind: `✗ invalid` and a gap. */
const MARK_WIDTH = 11;

/** Ends with a line end. */
export function formatTerminal(summary: Summary, { color, width }: TerminalOptions): string {
  const paint = createColors(color);
  const { answers, doubts, notices } = judge(summary);
  const climbs = climbsOf(summary);
  const lines: string[] = [];
  const add = (text: string, hang = 0): void => void lines.push(wrapped(text, width, hang));
  for (const notice of notices) add(paint.yellow(`! ${printable(notice)}`), 2);
  for (const { severity, server, scenario, message, advice } of doubts) {
    const mark = severity === "invalid" ? paint.red("✗ invalid") : paint.yellow("! warning");
    add(`${mark}  ${paint.bold(printable(server))} · ${printable(scenario)}: ${printable(message)}`, MARK_WIDTH);
    add(paint.dim(" ".repeat(MARK_WIDTH) + printable(advice)), MARK_WIDTH);
  }
  const begin = (scenario: string): void => {
    if (lines.length > 0) lines.push("");
    const text = answers.find((answer) => answer.scenario === scenario)!.text;
    add(`${paint.bold(printable(scenario))}: ${printable(text)}`, 2);
  };
  for (const climb of climbs) {
    begin(climb.scenario);
    lines.push(...climbRows(climb, width, paint));
    for (const line of thresholdLines(cellsOf(climb), paint, (cell) => `${cell.server} at ${plainNumber(subscribersOf(cell))}`)) {
      add(line, MARK_WIDTH);
    }
  }
  for (const { scenario, cells } of scenariosBeside(climbs, summary)) {
    begin(scenario);
    const table = tableThatFits(cells, width);
    if (table.hidden > table.shown) {
      // Two columns of nine tell less than all of them below each other.
      for (const [cell, text] of stackedCells(cells, width)) lines.push(cell.validity.valid ? text : paint.dim(text));
    } else {
      lines.push(...table.rows.map((row, n) => (cells[n - HEADER_LINES]?.validity.valid === true ? row : paint.dim(row))));
      if (table.hidden > 0) add(paint.dim(`${counted(table.hidden, "column")} more in summary.md and report.html`));
    }
    lines.push(...phaseLines(cells, width));
    for (const finding of phaseFindings(cells)) add(printable(finding), 2);
    for (const line of thresholdLines(cells, paint, ({ server }) => server)) add(line, MARK_WIDTH);
  }
  if (summary.textbook !== undefined) lines.push("", ...textbookLines(summary.textbook, width, paint));
  lines.push("");
  add(paint.dim(intervalNote(summary)));
  return `${lines.join("\n")}\n`;
}

/** A line a claim, what was measured below it. */
function textbookLines(claims: readonly ClaimResult[], width: number, paint: Paint): string[] {
  const marks = { holds: paint.green("✓"), fails: paint.red("✗"), part: paint.yellow("~"), open: paint.yellow("?") } as const;
  return [
    paint.bold("What textbooks say"),
    ...claims.flatMap(({ claim, verdict, measured }) => [
      wrapped(`${marks[verdict]} ${VERDICT_WORDS[verdict]}: ${claim}`, width, 2),
      paint.dim(wrapped(`  ${printable(measured)}`, width, 2)),
    ]),
  ];
}

/** First the intervals go, then the factors, then columns from the right, p50 last of all. */
function tableThatFits(
  cells: readonly Cell[],
  width: number,
): { readonly rows: readonly string[]; readonly shown: number; readonly hidden: number } {
  const columns = fillColumns(cells);
  for (const detail of DETAILS) {
    const rows = layOut(cells, columns, detail, width);
    if (textWidth(rows[0]!) <= width) return { rows, shown: columns.length, hidden: 0 };
  }
  let shown = columns.length;
  let rows: string[];
  do rows = layOut(cells, columns.slice(0, --shown), "value", width);
  while (shown > 1 && textWidth(rows[0]!) > width);
  return { rows, shown, hidden: columns.length - shown };
}

/** Each server with its figures below it, for a terminal that is too narrow for a table. */
function stackedCells(cells: readonly Cell[], width: number): (readonly [cell: Cell, text: string])[] {
  const columns = fillColumns(cells);
  return cells.map((cell, at) => {
    const figures = columns.flatMap(({ column, short, values }) => {
      const [figure, , factor] = valueParts(values[at], column.divisor, "factor");
      return values[at] === undefined ? [] : [[short, figure, column.unit].filter((part) => part !== "").join(" ") + factor];
    });
    return [cell, `${cutTo(labelOf(cell), width)}\n${wrapped(`  ${figures.join(", ")}`, width, 2)}`];
  });
}

/** As a table names it, with what must be known beside its figures. */
function labelOf(cell: Cell, width = Infinity): string {
  const labels = (isClosedLoop(cell) ? " (closed loop)" : "") + (cell.validity.valid ? "" : " ✗");
  return cutTo(printable(cell.server), width) + labels;
}

function layOut(cells: readonly Cell[], columns: readonly FilledColumn[], detail: Detail, width: number): string[] {
  const names = cells.map((cell) => labelOf(cell, nameWidth(width)));
  const padded = [
    aligned(["server", "", ...names], "left"),
    ...columns.map(({ column, short, values }) => {
      const parts = values.map((value) => valueParts(value, column.divisor, detail));
      const part = (at: 0 | 1 | 2, side: "left" | "right") =>
        aligned(
          parts.map((texts) => texts[at]),
          side,
        );
      const [figures, intervals, factors] = [part(0, "right"), part(1, "left"), part(2, "right")];
      return aligned([short, column.unit, ...figures.map((figure, row) => `${figure}${intervals[row]}${factors[row]}`)], "right");
    }),
  ];
  return padded[0]!.map((_, row) => padded.map((column) => column[row]!).join(GAP));
}

function valueParts(value: ColumnValue | undefined, divisor: number, detail: Detail): [figure: string, interval: string, factor: string] {
  if (value === undefined) return ["–", "", ""];
  const { value: figure, low, high } = figureText(value.summary, divisor);
  const interval = detail !== "interval" || low === undefined || low === high ? "" : ` [${low}–${high}]`;
  return [figure, interval, detail === "value" || value.factor === undefined ? "" : prefixed(factorText(value.factor))];
}

function prefixed(text: string): string {
  return text === "" ? "" : ` ${text}`;
}

/** What failed, each on its line behind the cell's name; what could not be judged, by server; what passed, as a count. */
function thresholdLines(cells: readonly Cell[], paint: Paint, nameOf: (cell: Cell) => string): string[] {
  const results = cells.flatMap((cell) => cell.thresholds.map((result) => ({ cell, ...result })));
  const failed = results.filter(({ verdict }) => verdict === "fail" || verdict === "no-data");
  const unjudged = results.filter(({ verdict }) => verdict === "invalid");
  const passed = results.filter(({ verdict }) => verdict === "pass").length;
  return [
    ...failed.map((result) => `${failureMark(result, paint)}  ${printable(nameOf(result.cell))}: ${failureText(result)}`),
    ...[...new Set(unjudged.map(({ cell }) => cell.server))].map((server) => {
      const own = unjudged.filter(({ cell }) => cell.server === server);
      const spoilt = new Set(own.map(({ cell }) => cell)).size === 1 ? "the cell is invalid" : "their cells are invalid";
      return `${paint.yellow("~ invalid")}  ${printable(server)}: ${counted(own.length, "threshold")} not judged, for ${spoilt}`;
    }),
    ...(passed > 0 ? [`${paint.green("✓ pass   ")}  ${counted(passed, "threshold")}`] : []),
  ];
}

/** A line a phase of each server, with as many figures as fit; nothing where there are no phases. */
function phaseLines(cells: readonly Cell[], width: number): string[] {
  const table = phaseTable(cells);
  if (table === undefined) return [];
  const { rows, columns } = table;
  const firsts = rows.map(({ server }, at) => (rows[at - 1]?.server === server ? "" : cutTo(printable(server), 24)));
  const shown = [
    aligned(["phases", "", ...firsts], "left"),
    aligned(["", "", ...rows.map(({ phase }) => cutTo(printable(phase), 20))], "left"),
    aligned(["rate", "1/s", ...rows.map(({ rate }) => rate)], "right"),
    ...columns.map(({ short, unit }, at) => aligned([short, unit, ...rows.map(({ values }) => values[at]!)], "right")),
  ];
  const taken = (): number => shown.reduce((sum, [first]) => sum + textWidth(first!) + GAP.length, -GAP.length);
  while (shown.length > 4 && taken() > width) shown.pop();
  return ["", ...shown[0]!.map((_, row) => shown.map((column) => column[row]!).join(GAP))];
}

function failureMark({ verdict, level }: ThresholdResult, paint: Paint): string {
  if (verdict === "no-data") return paint.red("✗ no data");
  return level === "warn" ? paint.yellow("! fail   ") : paint.red("✗ fail   ");
}

function failureText(result: ThresholdResult): string {
  const { values } = result;
  const seen = values.length === 0 ? "" : ` (${values.map((value) => plainNumber(value)).join(", ")})`;
  return `${printable(thresholdText(result))}${seen}`;
}
