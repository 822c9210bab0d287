/** Two runs side by side for the terminal: what forbids to compare, what changed, then a table a metric. */
import { createColors } from "picocolors";
import { changeText, intervalText, trialsText, sideText, verdictText } from "../change-text.ts";
import type { Change, Comparison } from "../comparison.ts";
import { comparisonFinding, differenceTexts, DRIFT_NOTE, ruleNote, runText } from "../comparison-finding.ts";
import { counted } from "../figure-text.ts";
import { aligned, GAP, nameWidth } from "./aligned.ts";
import { printable } from "./escape.ts";
import { cutTo, textWidth } from "./text-width.ts";
import type { TerminalOptions } from "./terminal.ts";
import { wrapped } from "./wrap.ts";
import { cellLabel, hiddenCount, metricNote, noneText, shownChanges } from "../shown-changes.ts";
import type { MetricChanges } from "../shown-changes.ts";

type Paint = ReturnType<typeof createColors>;

interface Options extends TerminalOptions {
  /** Every metric of every cell. */
  readonly all: boolean;
}

/** What a table leaves out where it is too wide, the first first. */
const DROPPED = ["why not", "base", "head", "to tell", "95 % interval"] as const;

/** Ends with a line end; no line is wider than `width`, but for a word that is. */
export function formatComparison(comparison: Comparison, { color, width, all }: Options): string {
  const paint = createColors(color);
  const lines: string[] = [];
  const add = (text: string, hang = 0): void => void lines.push(wrapped(text, width, hang));
  for (const side of ["base", "head"] as const) {
    add(`${side}  ${printable(comparison[side].directory)}  ${paint.dim(printable(runText(comparison[side])))}`, 6);
  }
  for (const text of differenceTexts(comparison)) add(paint.yellow(`! ${printable(text)}`), 2);
  lines.push("");
  add(`${paint.bold(printable(comparisonFinding(comparison)))}.`);
  let dropped = false;
  for (const group of shownChanges(comparison, all)) {
    lines.push("");
    if (group.rows.length > 0) {
      const unit = group.unit === "" ? "" : `, ${group.unit}`;
      add(`${paint.bold(printable(group.metric) + unit)} ${paint.dim(`(${metricNote(group)})`)}`, 2);
      const table = tableOf(group, comparison, width, paint);
      lines.push(...table.rows);
      dropped ||= table.dropped;
    }
    if (group.none > 0) add(paint.dim(printable(noneText(group))), 2);
  }
  lines.push("");
  if (dropped) add(paint.dim("Columns were left out for want of room: --markdown and --json have all of them."));
  const hidden = all ? 0 : hiddenCount(comparison);
  if (hidden > 0) add(paint.dim(`${counted(hidden, "comparison")} of further metrics, none better or worse: --all shows them.`));
  if (comparison.cells.length > 0) add(paint.dim(ruleNote(comparison)));
  add(paint.yellow(`! ${DRIFT_NOTE}`), 2);
  return `${lines.join("\n")}\n`;
}

function tableOf({ rows }: MetricChanges, { cells }: Comparison, width: number, paint: Paint) {
  const changes = rows.map(({ change }) => change);
  const columns: Record<string, string[]> = {
    "": aligned(["", ...rows.map(({ cell }) => cutTo(printable(cellLabel(cell, cells)), nameWidth(width)))], "left"),
    base: aligned(["base", ...changes.map(({ base }) => sideText(base))], "right"),
    head: aligned(["head", ...changes.map(({ head }) => sideText(head))], "right"),
    change: aligned(["change", ...changes.map(changeText)], "right"),
    "95 % interval": aligned(["95 % interval", ...changes.map(intervalText)], "left"),
    verdict: aligned(["", ...changes.map(verdictText)], "left"),
    "to tell": aligned(["trials to tell", ...changes.map(trialsText)], "right"),
    "why not": ["", ...changes.map(({ reason = "" }) => reason)],
  };
  const fits = (): boolean =>
    Object.values(columns).reduce((sum, texts) => sum + Math.max(...texts.map(textWidth)) + GAP.length, -GAP.length) <= width;
  const unused = changes.every(({ trialsToSettle }) => trialsToSettle === undefined);
  if (unused) delete columns["to tell"];
  const had = Object.keys(columns);
  for (const name of DROPPED) {
    if (fits()) break;
    delete columns[name];
  }
  const dropped = had.filter((name) => columns[name] === undefined);
  const texts = Object.values(columns);
  const lines = texts[0]!.map((_, row) =>
    texts
      .map((column) => column[row]!)
      .join(GAP)
      .trimEnd(),
  );
  const painted = lines.map((line, at) => (at === 0 ? paint.dim(line) : tint(changes[at - 1]!, paint)(line)));
  const reasons = dropped.includes("why not") ? reasonLines(rows, cells) : [];
  return {
    rows: [...painted, ...reasons.map((line) => paint.dim(wrapped(printable(line), width, 2)))],
    dropped: dropped.some((name) => name !== "why not"),
  };
}

/** Where a table has no room for them: each reason once, with the cells it is true of. */
function reasonLines(rows: MetricChanges["rows"], cells: Comparison["cells"]): string[] {
  const reasons = [...new Set(rows.flatMap(({ change }) => change.reason ?? []))];
  return reasons.map((reason) => {
    const names = rows.filter(({ change }) => change.reason === reason).map(({ cell }) => cellLabel(cell, cells));
    return `${reason}: ${names.join(", ")}`;
  });
}

function tint({ verdict }: Change, paint: Paint): (text: string) => string {
  return { worse: paint.yellow, better: paint.blue, same: (text: string) => text, unsure: paint.dim }[verdict];
}
