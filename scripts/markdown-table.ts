/** A table in Markdown whose columns stand in line, for a terminal shows it as well. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // Three dashes make a column.
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
