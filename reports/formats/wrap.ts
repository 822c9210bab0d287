/** Lines broken at words, for terminals narrower than a sentence. */
import { stripVTControlCharacters } from "node:util";
import { textWidth } from "./text-width.ts";

/**
 * Breaks `text` at spaces so that no line is wider than `width`, and indents every further line by `hang`, at most a third of the
 * width. Colours take no room; a word wider than a line is left whole, and no mark stands alone before it.
 */
export function wrapped(text: string, width: number, hang = 0): string {
  const indent = Math.min(hang, Math.floor(width / 3));
  const [first = "", ...words] = text.split(" ");
  let line = first;
  let used = visibleWidth(first);
  const lines: string[] = [];
  for (const word of words) {
    const wide = visibleWidth(word);
    if (used + 1 + wide <= width || used <= indent) {
      line += ` ${word}`;
      used += 1 + wide;
    } else {
      lines.push(line);
      line = " ".repeat(indent) + word;
      used = indent + wide;
    }
  }
  return [...lines, line].join("\n");
}

/** {@link textWidth} of a text with colours. */
export function visibleWidth(word: string): number {
  return textWidth(stripVTControlCharacters(word));
}
