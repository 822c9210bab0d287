/** A summary as a table for the terminal: doubts first, then figures, as wide as the terminal allows. */
import { createColors } from "picocolors";
import { fillColumns } from "../column.ts";
import type { ColumnValue, FilledColumn } from "../column.ts";
import { counted, factorText, figureText, plainNumber } from "../figure-text.ts";
import { isClosedLoop } from "../summary.ts";
import type { Cell, Summary } from "../summary.ts";
import { phaseFindings } from "../phase-findings.ts";
import { phaseTable } from "../phase-table.ts";
import { thresholdText } from "../threshold.ts";
import type { ThresholdResult } from "../threshold.ts";
import { intervalNote, judge, scenariosOf } from "../verdict.ts";
import { printable } from "./escape.ts";
import { wrapped } from "./wrap.ts";

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

type Detail = "interval" | "factor" | "value";
const DETAILS: readonly Detail[] = ["interval", "factor", "value"];

/** A table's header takes two lines: names, units. */
const HEADER_LINES = 2;
const GAP = "  ";
/** What a remark's text stands behind: `✗ invalid` and a gap. */
const MARK_WIDTH = 11;

/** Ends with a line end. Widths are counted in UTF-16 units, so names in wide scripts may shift a column. */
export function formatTerminal(summary: Summary, { color, width }: TerminalOptions): string {
  const paint = createColors(color);
  const { answers, doubts, notices } = judge(summary);
  const lines: string[] = [];
  const add = (text: string, hang = 0): void => void lines.push(wrapped(text, width, hang));
  for (const notice of notices) add(paint.yellow(`! ${printable(notice)}`), 2);
  for (const { severity, server, scenario, message, advice } of doubts) {
    const mark = severity === "invalid" ? paint.red("✗ invalid") : paint.yellow("! warning");
    add(`${mark}  ${paint.bold(printable(server))} · ${printable(scenario)}: ${printable(message)}`, MARK_WIDTH);
    add(paint.dim(" ".repeat(MARK_WIDTH) + printable(advice)), MARK_WIDTH);
  }
  for (const [at, { scenario, cells }] of scenariosOf(summary).entries()) {
    if (lines.length > 0) lines.push("");
    add(`${paint.bold(printable(scenario))}: ${printable(answers[at]!.text)}`, 2);
    const table = tableThatFits(cells, width);
    lines.push(...table.rows.map((row, n) => (cells[n - HEADER_LINES]?.validity.valid === true ? row : paint.dim(row))));
    if (table.hidden > 0) add(paint.dim(`${counted(table.hidden, "column")} more in summary.md and report.html`));
    lines.push(...phaseLines(cells, width));
    for (const finding of phaseFindings(cells)) add(printable(finding), 2);
    for (const line of thresholdLines(cells, paint)) add(line, MARK_WIDTH);
  }
  lines.push("");
  add(paint.dim(intervalNote(summary)));
  return `${lines.join("\n")}\n`;
}

/** First the intervals go, then the factors, then columns from the right, p50 last of all. */
function tableThatFits(cells: readonly Cell[], width: number): { readonly rows: readonly string[]; readonly hidden: number } {
  const columns = fillColumns(cells);
  for (const detail of DETAILS) {
    const rows = layOut(cells, columns, detail, width);
    if (rows[0]!.length <= width) return { rows, hidden: 0 };
  }
  let shown = columns.length;
  let rows: string[];
  do rows = layOut(cells, columns.slice(0, --shown), "value", width);
  while (shown > 1 && rows[0]!.length > width);
  return { rows, hidden: columns.length - shown };
}

function layOut(cells: readonly Cell[], columns: readonly FilledColumn[], detail: Detail, width: number): string[] {
  const names = cells.map(
    (cell) =>
      shortened(printable(cell.server), Math.max(16, Math.floor(width / 3))) +
      (isClosedLoop(cell) ? " (closed loop)" : "") +
      (cell.validity.valid ? "" : " ✗"),
  );
  const padded = [
    align(["server", "", ...names], "left"),
    ...columns.map(({ column, short, values }) => {
      const parts = values.map((value) => valueParts(value, column.divisor, detail));
      const part = (at: 0 | 1 | 2, side: "left" | "right") =>
        align(
          parts.map((texts) => texts[at]),
          side,
        );
      const [figures, intervals, factors] = [part(0, "right"), part(1, "left"), part(2, "right")];
      return align([short, column.unit, ...figures.map((figure, row) => `${figure}${intervals[row]}${factors[row]}`)], "right");
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

function align(texts: readonly string[], side: "left" | "right"): string[] {
  const width = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) => (side === "left" ? text.padEnd(width) : text.padStart(width)));
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** A line a phase of each server, with as many figures as fit; nothing where there are no phases. */
function phaseLines(cells: readonly Cell[], width: number): string[] {
  const table = phaseTable(cells);
  if (table === undefined) return [];
  const { rows, columns } = table;
  const firsts = rows.map(({ server }, at) => (rows[at - 1]?.server === server ? "" : shortened(printable(server), 24)));
  const shown = [
    align(["phases", "", ...firsts], "left"),
    align(["", "", ...rows.map(({ phase }) => shortened(printable(phase), 20))], "left"),
    align(["rate", "1/s", ...rows.map(({ rate }) => rate)], "right"),
    ...columns.map(({ short, unit }, at) => align([short, unit, ...rows.map(({ values }) => values[at]!)], "right")),
  ];
  const taken = (): number => shown.reduce((sum, [first]) => sum + first!.length + GAP.length, -GAP.length);
  while (shown.length > 4 && taken() > width) shown.pop();
  return ["", ...shown[0]!.map((_, row) => shown.map((column) => column[row]!).join(GAP))];
}

/** What failed, each on its line; what could not be judged, by server; what passed, as a count. */
function thresholdLines(cells: readonly Cell[], paint: ReturnType<typeof createColors>): string[] {
  const lines: string[] = [];
  let passed = 0;
  for (const { server, thresholds } of cells) {
    const of = (...verdicts: readonly ThresholdResult["verdict"][]): ThresholdResult[] =>
      thresholds.filter(({ verdict }) => verdicts.includes(verdict));
    for (const result of of("fail", "no-data")) lines.push(`${failureMark(result, paint)}  ${printable(server)}: ${failureText(result)}`);
    const unjudged = of("invalid").length;
    if (unjudged > 0) {
      lines.push(
        `${paint.yellow("~ invalid")}  ${printable(server)}: ${counted(unjudged, "threshold")} not judged, for the cell is invalid`,
      );
    }
    passed += of("pass").length;
  }
  return passed > 0 ? [...lines, `${paint.green("✓ pass   ")}  ${counted(passed, "threshold")}`] : lines;
}

function failureMark({ verdict, level }: ThresholdResult, paint: ReturnType<typeof createColors>): string {
  if (verdict === "no-data") return paint.red("✗ no data");
  return level === "warn" ? paint.yellow("! fail   ") : paint.red("✗ fail   ");
}

function failureText(result: ThresholdResult): string {
  const { values } = result;
  const seen = values.length === 0 ? "" : ` (${values.map((value) => plainNumber(value)).join(", ")})`;
  return `${printable(thresholdText(result))}${seen}`;
}
