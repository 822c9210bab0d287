/** The searches of `bench:capacity` as a table in Markdown, which a terminal shows as well, and a sentence. */
import type { Planted } from "../../load/capacity-study.ts";
import { markdownTable } from "../markdown-table.ts";

export function formatPlanted(searches: readonly Planted[]): string {
  const head = ["seed", "planted", "bracket", "width", "contains it", "confirmed", "trials", "disturbed", "what broke first"];
  const body = searches.map(({ seed, limit, contained, found: { answer, points, reasons } }) => {
    const { held, broke, confirmed, end } = answer;
    return [
      String(seed),
      String(limit),
      `${held ?? "–"} to ${broke ?? "–"}`,
      held === undefined || broke === undefined ? "–" : `${((broke / held - 1) * 100).toFixed(1)} %`,
      contained ? "yes" : "no",
      confirmed ? "yes" : "no",
      String(points.length),
      String(points.filter(({ verdict }) => verdict === "noise" || verdict === "generator").length),
      reasons[0] ?? end,
    ];
  });
  return markdownTable(head, body);
}

export function formatContained(searches: readonly Planted[]): string {
  return `${searches.filter(({ contained }) => contained).length} of ${searches.length} brackets contain the planted limit.`;
}
