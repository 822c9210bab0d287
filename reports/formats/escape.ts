/** Names from outside, made harmless for where they are printed. */

/** Control characters and those that turn the direction of text, which could rewrite what a terminal shows. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Control characters as `\x1b` or `\u202e`; nothing else is changed. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A value as a JSON document, which a terminal may show: what `JSON.stringify` leaves of such characters is escaped as well. */
export function jsonDocument(value: unknown): string {
  const escaped = (line: string): string =>
    line.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `${JSON.stringify(value, undefined, 2).split("\n").map(escaped).join("\n")}\n`;
}

/** {@link printable} for a document: its own line ends stay. */
export function printableDocument(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * Text that Markdown shows as it is, in a paragraph or a table's cell: no markup, no HTML, no line break. GitHub looks for people and issues
 * in the text that it has made of the Markdown, where an entity is a character like any other: a space of no width parts them from their sign.
 */
export function markdownText(text: string): string {
  return printable(text)
    .replace(/(?<=@)(?=\w)|(?<=#)(?=\d)|(?<=\bgh-)(?=\d)/gi, APART)
    .replace(/[\\`*_[\]{}|~#!]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "&#64;")
    .replaceAll("://", ":&#47;&#47;")
    .replace(/\bwww\./gi, (start) => `${start.slice(0, -1)}&#46;`)
    .replaceAll(APART, "&#8203;");
}

/** A space of no width. */
const APART = "\u200b";
