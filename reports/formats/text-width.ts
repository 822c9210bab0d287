/** How many columns of a terminal a text fills, and texts cut or padded to so many. */
import { eastAsianWidth } from "get-east-asian-width";

/** Nothing before it goes onto another character, or is wide. */
const FIRST_MARK = 0x300;

/** In columns, of text without escape sequences or control characters. Never less than a terminal shows, where terminals differ. */
export function textWidth(text: string): number {
  // What nearly every name is.
  if (/^[ -~]*$/.test(text)) return text.length;
  return Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0);
}

/** The start of a text that fills `width` columns at most. */
export function startOf(text: string, width: number): string {
  let used = 0;
  let start = "";
  for (const character of text) {
    used += characterWidth(character);
    if (used > width) break;
    start += character;
  }
  return start;
}

/** The end of a text that fills `width` columns at most. */
export function endOf(text: string, width: number): string {
  let used = 0;
  let end = "";
  for (const character of Array.from(text).toReversed()) {
    used += characterWidth(character);
    if (used > width) break;
    end = character + end;
  }
  // A mark whose letter was cut off would go onto whatever stands before it.
  return end.replace(/^\p{M}+/u, "");
}

/** Cut to `width` columns, with an ellipsis where something is missing. */
export function cutTo(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1 ? "" : `${startOf(text, width - 1)}…`;
}

/** `padEnd` by columns. */
export function padEndTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** `padStart` by columns. */
export function padStartTo(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Marks go onto the character before them; a variation selector may make that one wide, which not every terminal does. */
function characterWidth(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < FIRST_MARK || character === "\uFE0F") return 1;
  return eastAsianWidth(code) === 2 ? 2 : /^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character) ? 0 : 1;
}
