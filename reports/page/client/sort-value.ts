/** What a cell is sorted by: its number, where it has one, or its text. */

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** A number as the page writes it, with what may follow: a unit, its interval, a word on it. Dates and versions are none. */
const NUMBER = /^(?:[<>≤≥~≈×]\s*)?([+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[+-]?\d+)?)(?![\d.:-])(?:\s*[%×\p{L}µ([/].*)?$/su;

/** Cells that say there is no value. */
const NOTHING = new Set(["", "–", "-", "—"]);

/** The number that a cell's text begins with, "1,234.5 [1,200–1,250]" as 1234.5; undefined where it is not one. */
export function numberIn(text: string): number | undefined {
  const [, digits] = NUMBER.exec(text.trim()) ?? [];
  return digits === undefined ? undefined : Number(digits.replaceAll(",", "").replace("−", "-"));
}

/**
 * The order of a column's cells as indexes: by number where most that have a value have a number, else by text in which digits count as
 * numbers. What has no value, or is no number among numbers, comes last either way; equal cells keep their order.
 */
export function sortedOrder(texts: readonly string[], direction: "asc" | "desc"): number[] {
  const present = texts.filter((text) => !NOTHING.has(text.trim()));
  const numeric = present.filter((text) => numberIn(text) !== undefined).length * 2 > present.length;
  const sign = direction === "asc" ? 1 : -1;
  const keys = texts.map((text) => (NOTHING.has(text.trim()) ? undefined : numeric ? numberIn(text) : text.trim()));
  return [...texts.keys()].sort((a, b) => {
    const [left, right] = [keys[a], keys[b]];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined) || a - b;
    const difference = typeof left === "number" && typeof right === "number" ? left - right : COLLATOR.compare(String(left), String(right));
    return sign * difference || a - b;
  });
}
