/** Columns of text for a terminal: what its tables share. */

/** A table's header takes two lines: names, units. */
export const HEADER_LINES = 2;
export const GAP = "  ";

/** Padded to the widest. */
export function aligned(texts: readonly string[], side: "left" | "right"): string[] {
  const width = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) => (side === "left" ? text.padEnd(width) : text.padStart(width)));
}

export function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** What a server's name may take of a terminal so wide. */
export function nameWidth(width: number): number {
  return Math.max(16, Math.floor(width / 3));
}
