/** What a point of a live chart says: its server, then a line a figure. */
import { plainNumber } from "../../figure-text.ts";
import type { AxisWords, Dimension } from "./axis-words.ts";

/** Fields that place or join marks, and say nothing to a reader. */
const SILENT = new Set(["server", "line", "main", "order", "place", "start", "end", "tip", "label", "valid"]);

/** Lines of plain text; Vega's own fields and all that is no value are left out. */
export function tooltipText(datum: Readonly<Record<string, unknown>>, words: AxisWords): string[] {
  const { server } = datum;
  const lines = Object.entries(datum).flatMap(([field, value]) => {
    if (SILENT.has(field) || field.startsWith("_") || (typeof value !== "number" && typeof value !== "string")) return [];
    if (field !== "x" && field !== "y") return [`${field}: ${typeof value === "number" ? plainNumber(value) : value}`];
    const title = words.title(field);
    return title === undefined
      ? []
      : [`${title.replace(/ \(log\)$/, "")}: ${typeof value === "number" ? labelled(field, value, words) : value}`];
  });
  return [...(typeof server === "string" ? [server] : []), ...lines];
}

/** Words of the axis, "p99" for two nines, where it has such; else the number in the digits of every figure. */
function labelled(dimension: Dimension, value: number, words: AxisWords): string {
  const label = words.label(dimension, value);
  return /^[−-]?[\d,.]+(e[+-]?\d+)?$/.test(label) ? plainNumber(value) : label;
}
