import { UsageError } from "./usage-error.ts";

interface Said {
  /** What is wrong, with the value. */
  readonly message: string;
  readonly expected?: string;
  /** The nearest right word. */
  readonly suggestion?: string;
}

/** One mistake in the text of a suite; line and column count from 1. */
export interface TextProblem extends Said {
  readonly line: number;
  readonly column: number;
  /** Characters the caret underlines. */
  readonly length: number;
}

/** One mistake in a suite that a program made, whose lines nobody knows. */
export interface ValueProblem extends Said {
  /** Where in the suite: `scenarios[0].rate`; empty for the whole of it. */
  readonly path: string;
}

export type Problem = TextProblem | ValueProblem;

/** Every mistake of one suite at once; `message` shows each with its source line, or with its path where a program made it. */
export class SuiteError extends UsageError {
  override readonly name = "SuiteError";
  /** What the suite was read from, as given. */
  readonly file: string;
  readonly problems: readonly Problem[];

  /** `text` is what the problems are lines of, empty where they are of values. */
  constructor(file: string, text: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => ("line" in a && "line" in b ? a.line - b.line || a.column - b.column : 0));
    const lines = text.split(/\r?\n/);
    const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
    const shown = sorted.map((problem) => ("line" in problem ? quoteProblem(file, lines, problem) : placeProblem(file, problem)));
    super([...shown, `${count} in ${file}`].join("\n\n"));
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

function quoteProblem(file: string, lines: readonly string[], problem: TextProblem): string {
  const { line, column, message } = problem;
  const { source, at } = clipped(lines[line - 1] ?? "", column - 1);
  const gutter = String(line).padStart(5);
  const carets = "^".repeat(Math.max(1, Math.min(problem.length, source.length - at)));
  // Tabs are kept, so that the caret stands under its word however wide a tab is shown.
  const indent = source.slice(0, at).replaceAll(/[^\t]/g, " ");
  return [
    `${file}:${line}:${column}: ${message}`,
    `${gutter} | ${source}`,
    `${" ".repeat(gutter.length)} | ${indent}${carets}`,
    ...hintsOf(problem, gutter.length),
  ].join("\n");
}

function placeProblem(file: string, problem: ValueProblem): string {
  const place = problem.path === "" ? file : `${file}: ${problem.path}`;
  return [`${place}: ${problem.message}`, ...hintsOf(problem, 2)].join("\n");
}

/** What was expected, on a line of its own. */
function hintsOf({ expected, suggestion }: Said, indent: number): string[] {
  const hints = [
    ...(expected === undefined ? [] : [`expected ${expected}`]),
    ...(suggestion === undefined ? [] : [`did you mean "${suggestion}"?`]),
  ];
  return hints.length === 0 ? [] : [`${" ".repeat(indent)} = ${hints.join("; ")}`];
}
