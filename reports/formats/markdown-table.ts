/** A table of Markdown, its first column to the left; texts are escaped already. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map((_, at) => (at === 0 ? ":---" : "---:"))), ...rows.map(line)].join("\n");
}
