/** The head of a command's help: examples come first, each with what it does. */
export function examples(rows: readonly (readonly [command: string, does: string])[]): string {
  const width = Math.max(...rows.map(([command]) => command.length));
  return ["Examples:", ...rows.map(([command, does]) => `  ${command.padEnd(width)}   ${does}`), ""].join("\n");
}
