import { UsageError } from "./usage-error.ts";

/** One mistake in a suite; line and column count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Characters the caret underlines. */
  readonly length: number;
  /** What is wrong, with the value. */
  readonly message: string;
  readonly expected?: string;
  /** The nearest right word. */
  readonly suggestion?: string;
}

/** Every mistake of one suite file at once; `message` shows each with its source line. */
export class SuiteError extends UsageError {
  override readonly name = "SuiteError";
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, text: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const lines = text.split(/\r?\n/);
    const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
    super([...sorted.map((problem) => formatProblem(file, lines, problem)), `${count} in ${file}`].join("\n\n"));
    this.file = file;
    this.problems = sorted;
  }
}

/** Columns that a quoted line may fill. */
const WIDEST = 120;

/** A line around the place `at` in it, and where that place is then. */
function clipped(line: string, at: number): { readonly source: string; readonly at: number } {
  const start = line.length <= WIDEST ? 0 : Math.max(0, Math.min(at - WIDEST / 2, line.length - WIDEST));
  const end = Math.min(line.length, start + WIDEST);
  const source = `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
  return { source, at: start > 0 ? at - start + 1 : at };
}

function formatProblem(file: string, lines: readonly string[], problem: Problem): string {
  const { line, column, message, expected, suggestion } = problem;
  const { source, at } = clipped(lines[line - 1] ?? "", column - 1);
  const gutter = String(line).padStart(5);
  const carets = "^".repeat(Math.max(1, Math.min(problem.length, source.length - at)));
  // Tabs are kept, so that the caret stands under its word however wide a tab is shown.
  const indent = source.slice(0, at).replaceAll(/[^\t]/g, " ");
  const hints = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(suggestion === undefined ? [] : [`did you mean "${suggestion}"?`]),
  ];
  return [
    `${file}:${line}:${column}: ${message}`,
    `${gutter} | ${source}`,
    `${" ".repeat(gutter.length)} | ${indent}${carets}`,
    ...(hints.length > 0 ? [`${" ".repeat(gutter.length)} = ${hints.join("; ")}`] : []),
  ].join("\n");
}
