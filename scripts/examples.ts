import { invocation } from "./invocation.ts";

/** The head of a command's help: examples come first, each with what it does; `command` goes without the program's name. */
export function examples(rows: readonly (readonly [command: string, does: string])[]): string {
  const typed = rows.map(([command, does]) => [`${invocation()} ${command}`, does] as const);
  const width = Math.max(...typed.map(([command]) => command.length));
  return ["Examples:", ...typed.map(([command, does]) => `  ${command.padEnd(width)}   ${does}`), ""].join("\n");
}
