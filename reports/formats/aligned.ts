/** Columns of text for a terminal: what its tables share. */
import { padEndTo, padStartTo, textWidth } from "./text-width.ts";

/** A table's header takes two lines: names, units. */
export const HEADER_LINES = 2;
export const GAP = "  ";

/** Padded to the widest. */
export function aligned(texts: readonly string[], side: "left" | "right"): string[] {
  const width = Math.max(...texts.map(textWidth));
  return texts.map((text) => (side === "left" ? padEndTo(text, width) : padStartTo(text, width)));
}

/** What a server's name may take of a terminal so wide. */
export function nameWidth(width: number): number {
  return Math.max(16, Math.floor(width / 3));
}
