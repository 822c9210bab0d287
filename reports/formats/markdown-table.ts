/** A table of Markdown, its first column to the left and figures to the right; of words, all of it to the left. Texts are escaped already. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  of: "figures" | "words" = "figures",
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map((_, at) => (at === 0 || of === "words" ? ":---" : "---:"))), ...rows.map(line)].join("\n");
}
