import { eastAsianWidth } from "get-east-asian-width";
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
  /** {@link message} for a terminal of so many columns: quoted lines are clipped to it. */
  readonly shown: (columns: number) => string;

  /** `text` is what the problems are lines of, empty where they are of values. */
  constructor(file: string, text: string, problems: readonly Problem[]) {
    const sorted = problems.toSorted((a, b) => ("line" in a && "line" in b ? a.line - b.line || a.column - b.column : 0));
    const lines = text.split(/\r?\n/);
    const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
    const shown = (columns: number): string => {
      const widest = Math.max(LEAST, Math.min(WIDEST, columns - GUTTER.length - 3));
      return [
        ...sorted.map((problem) => ("line" in problem ? quoteProblem(file, lines, problem, widest) : placeProblem(file, problem))),
        `${count} in ${file}`,
      ].join("\n\n");
    };
    super(shown(Infinity));
    this.shown = shown;
    this.file = file;
    this.problems = sorted;
  }
}

/** Characters of a quoted line that are shown: at most, and however narrow the terminal is. */
const WIDEST = 120;
const LEAST = 24;
/** What stands before it. */
const GUTTER = "    1 | ";

/** A line around the place `at` in it, and where that place is then. */
function clipped(line: string, at: number, widest: number): { readonly source: string; readonly at: number } {
  const start = line.length <= widest ? 0 : Math.max(0, Math.min(at - Math.floor(widest / 2), line.length - widest));
  const end = Math.min(line.length, start + widest);
  const source = `${start > 0 ? "…" : ""}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
  return { source, at: start > 0 ? at - start + 1 : at };
}

function quoteProblem(file: string, lines: readonly string[], problem: TextProblem, widest: number): string {
  const { line, column, message } = problem;
  const { source, at } = clipped(lines[line - 1] ?? "", column - 1, widest);
  const gutter = String(line).padStart(5);
  const underlined = source.slice(at, at + Math.max(1, Math.min(problem.length, source.length - at)));
  const carets = replaced(underlined, "^", "^^") || "^";
  // Tabs are kept, so that the caret stands under its word however wide a tab is shown; what takes two columns is held open by a blank that does.
  const indent = replaced(source.slice(0, at), " ", "\u3000");
  return [
    `${file}:${line}:${column}: ${message}`,
    `${gutter} | ${source.replaceAll(UNPRINTABLE, "\uFFFD")}`,
    `${" ".repeat(gutter.length)} | ${indent}${carets}`,
    ...hintsOf(problem, gutter.length),
  ].join("\n");
}

/** What a terminal could take for a command; a tab is none. Each is shown as one character, so that places stay where they are. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Each character but tabs by one that is as wide. */
function replaced(text: string, narrow: string, wide: string): string {
  return Array.from(text)
    .map((character) => (character === "\t" ? character : eastAsianWidth(character.codePointAt(0)!) === 2 ? wide : narrow))
    .join("");
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
