/** Rows of text for a terminal: columns where they fit, else each row as a heading with the rest below it. */
import { visibleWidth, wrapped } from "../reports/formats/wrap.ts";

const INDENT = 2;
const GAP = 2;
/** How far what stands below a heading is indented. */
const BELOW = 6;
/** A last column narrower than this is read more easily below. */
const LEAST_LAST = 30;

/** Every column but the last is padded to its widest text, the last is broken at words. Cells must be printable; colours take no room. */
export function rowsOf(rows: readonly (readonly string[])[], width: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visibleWidth(row[column]!))));
  const start = widths.slice(0, -1).reduce((sum, wide) => sum + wide + GAP, INDENT);
  if (width - start < Math.min(LEAST_LAST, widths.at(-1) ?? 0)) return rows.flatMap((row) => stacked(row, width));
  return rows.map((row) => {
    const cells = row.slice(0, -1).map((text, column) => text + " ".repeat(widths[column]! - visibleWidth(text) + GAP));
    return hanging(" ".repeat(INDENT) + cells.join(""), row.at(-1) ?? "", width, start).trimEnd();
  });
}

/** One row as a heading, and below it what it says. */
export function stacked([head = "", ...others]: readonly string[], width: number): string[] {
  const below = others.filter((text) => text !== "");
  return [hanging(" ".repeat(INDENT), head, width, INDENT), ...below.map((text) => hanging(" ".repeat(BELOW), text, width, BELOW))];
}

/** `text` behind `head`, which takes `indent` columns; its further lines stand below its first. */
function hanging(head: string, text: string, width: number, indent: number): string {
  return head + wrapped(text, width - indent).replaceAll("\n", `\n${" ".repeat(indent)}`);
}
