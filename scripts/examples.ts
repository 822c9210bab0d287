import { wrapped } from "../reports/formats/wrap.ts";
import { invocation } from "./invocation.ts";

/** Where help goes, where it is narrower than any of its lines; else as wide as it takes. */
function helpColumns(): number {
  return process.stdout.columns || Infinity;
}

/**
 * The head of a command's help: examples come first, each with what it does, below it where both together are too wide; `command` goes without
 * the program's name.
 */
export function examples(rows: readonly (readonly [command: string, does: string])[]): () => string {
  return () => examplesText(rows, helpColumns());
}

export function examplesText(rows: readonly (readonly [command: string, does: string])[], width: number): string {
  const typed = rows.map(([command, does]) => [`${invocation()} ${command}`, does] as const);
  const column = Math.max(...typed.map(([command]) => command.length));
  const fits = typed.every(([, does]) => 2 + column + 3 + does.length <= width);
  const lines = typed.map(([command, does]) =>
    fits ? `  ${command.padEnd(column)}   ${does}` : `  ${commandLines(command, width - 2)}\n${wrapped(`      ${does}`, width, 6)}`,
  );
  return ["Examples:", ...lines, ""].join("\n");
}

/** What a command's help ends with: a text broken at words, or where there is room at 140 columns. */
export function closing(text: string): () => string {
  return () => `\n${wrapped(text, Math.min(helpColumns(), 140))}\n`;
}

/** Broken as a shell goes on reading it. */
function commandLines(command: string, width: number): string {
  return wrapped(command, width - 2, 4)
    .split("\n")
    .join(" \\\n  ");
}
