/** What a gate says, for the terminal: the answer, what must be known beside it, what has not passed, and all figures as a table. */
import { createColors } from "picocolors";
import { counted, plainNumber } from "../figure-text.ts";
import { worstFirst } from "../gate-report.ts";
import type { Change, GateCheck, GateReport, GateVerdict } from "../gate-report.ts";
import { checkName, fullFinding, headline, intervalText, VERDICT_MARKS } from "../gate-text.ts";
import { aligned, GAP, nameWidth } from "./aligned.ts";
import { printable } from "./escape.ts";
import { cutTo, textWidth } from "./text-width.ts";
import type { TerminalOptions } from "./terminal.ts";
import { wrapped } from "./wrap.ts";

type Paint = ReturnType<typeof createColors>;

/** What a finding stands behind: the longest of the marks and a gap. */
const MARK_WIDTH = 16;

/** Ends with a line end. No line is wider than `width`, but for a word that is. */
export function formatGateTerminal(report: GateReport, { color, width }: TerminalOptions): string {
  const paint = createColors(color);
  const { verdict, checks, remarks } = report;
  const lines: string[] = [];
  const add = (text: string, hang = 0): void => void lines.push(wrapped(text, width, hang));
  add(markOf(verdict, paint) + paint.bold(printable(headline(report))), MARK_WIDTH);
  for (const remark of remarks) {
    const mark = remark.verdict === undefined ? paint.yellow(padded("! note")) : markOf(remark.verdict, paint);
    add(mark + printable(remark.text), MARK_WIDTH);
  }
  const told = worstFirst(checks).filter((check) => check.verdict !== "pass" || check.accepted !== undefined);
  for (const check of told) {
    add(`${checkMark(check, paint)}${paint.bold(printable(checkName(check)))}: ${printable(fullFinding(check))}`, MARK_WIDTH);
  }
  const table = ratioTable(checks, width);
  if (table.length > 0) lines.push("", ...table.map(({ text, verdict: own }) => (own === "pass" ? paint.dim(text) : text)));
  for (const line of passedLines(checks)) add(markOf("pass", paint) + line, MARK_WIDTH);
  return `${lines.join("\n")}\n`;
}

function padded(text: string): string {
  return text.padEnd(MARK_WIDTH);
}

function markOf(verdict: GateVerdict, paint: Paint): string {
  const tints = { pass: paint.green, fail: paint.red, inconclusive: paint.yellow, invalid: paint.yellow };
  return tints[verdict](padded(`${VERDICT_MARKS[verdict]} ${verdict}`));
}

/** A warning is none of the gate's failures. */
function checkMark({ verdict, advisory, accepted }: GateCheck, paint: Paint): string {
  if (advisory === true) return paint.yellow(padded("! warning"));
  return accepted === undefined ? markOf(verdict, paint) : paint.green(padded("✓ accepted"));
}

/** A line a ratio, by cell; columns from the right are left out where the terminal is too narrow. */
function ratioTable(checks: readonly GateCheck[], width: number): { readonly text: string; readonly verdict?: GateVerdict }[] {
  const rows = checks.flatMap((check) =>
    check.evidence.kind === "ratio" && check.evidence.change !== undefined
      ? [{ check, ...check.evidence, change: check.evidence.change }]
      : [],
  );
  if (rows.length === 0) return [];
  const firsts = rows.map(({ check }, at) => {
    const before = rows[at - 1]?.check;
    const name = `${printable(check.server)} · ${printable(check.scenario)}`;
    return before?.server === check.server && before.scenario === check.scenario ? "" : cutTo(name, nameWidth(width));
  });
  const number = (value: number | undefined): string => (value === undefined ? "–" : plainNumber(value));
  const columns = [
    aligned(["", ...rows.map(({ check }) => VERDICT_MARKS[check.verdict])], "left"),
    aligned(["cell", ...firsts], "left"),
    aligned(["metric", ...rows.map(({ check }) => printable(check.metric))], "left"),
    aligned(["change", ...rows.map(({ change }) => intervalText(change))], "right"),
    aligned(["base", ...rows.map(({ base }) => number(base))], "right"),
    aligned(["head", ...rows.map(({ head }) => number(head))], "right"),
    aligned(["unit", ...rows.map(({ check }) => check.unit)], "left"),
  ];
  const taken = (): number => columns.reduce((sum, [first]) => sum + textWidth(first!) + GAP.length, -GAP.length);
  while (columns.length > 4 && taken() > width) columns.pop();
  if (taken() > width) return rows.map((row) => ({ text: stackedRow(row, width), verdict: row.check.verdict }));
  return columns[0]!.map((_, row) => {
    const text = columns
      .map((column) => column[row]!)
      .join(GAP)
      .trimEnd();
    return row === 0 ? { text } : { text, verdict: rows[row - 1]!.check.verdict };
  });
}

/** A change in lines of its own, for a terminal that is too narrow for a table. */
function stackedRow({ check, change }: { readonly check: GateCheck; readonly change: Change }, width: number): string {
  const cell = `${VERDICT_MARKS[check.verdict]} ${printable(check.server)} · ${printable(check.scenario)}`;
  return `${wrapped(cell, width, 2)}\n${wrapped(`  ${printable(check.metric)}  ${intervalText(change)}`, width, 4)}`;
}

/** What is in no table and has passed, as a number. */
function passedLines(checks: readonly GateCheck[]): string[] {
  return (["count", "threshold"] as const).flatMap((kind) => {
    const passed = checks.filter(
      ({ verdict, evidence, accepted }) => verdict === "pass" && evidence.kind === kind && accepted === undefined,
    );
    return passed.length === 0 ? [] : [counted(passed.length, kind)];
  });
}
