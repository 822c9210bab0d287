import { printable } from "../reports/formats/escape.ts";

/** Says on stderr what a reader should know and what fails nothing, a line each. */
export function warn(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`warning: ${printable(line)}\n`);
}
