/** The history for the terminal: what got worse, then each figure of each cell as a sparkline with its changes. */
import { createColors } from "picocolors";
import type { HistoryPoint } from "../../load/history-record.ts";
import { CHANGE_LIMITS, LEAST_POINTS } from "../change-points.ts";
import { counted } from "../figure-text.ts";
import { environmentText } from "../series.ts";
import type { Series } from "../series.ts";
import { lastWorsening } from "../trend.ts";
import type { Trend, TrendChange } from "../trend.ts";
import { intervalText, placesText, timeText, valueText } from "../trend-text.ts";
import { aligned, GAP } from "./aligned.ts";
import { printable } from "./escape.ts";
import { spark } from "./spark.ts";
import { textWidth } from "./text-width.ts";
import type { TerminalOptions } from "./terminal.ts";
import { wrapped } from "./wrap.ts";

type Paint = ReturnType<typeof createColors>;

/** Characters of a sparkline. */
const SPARK = { least: 8, most: 40 } as const;

const INDENT = "  ";
/** `✗ worse` and a gap, behind two indents. */
const CHANGE_HANG = 14;

/** Series of a cell stand together; cells by when they last got worse, the newest first. Ends with a line end. */
export function formatHistory(trends: readonly Trend[], { color, width }: TerminalOptions): string {
  const paint = createColors(color);
  const all = trends.flatMap((trend) => trend.changes.map((change) => ({ trend, change })));
  const worse = all.filter(({ change }) => change.verdict === "worse").toSorted((a, b) => (a.change.after.at < b.change.after.at ? 1 : -1));
  const lines = [
    ...(worse.length === 0
      ? [noneWorse(Math.max(0, ...trends.map(({ points }) => points.length)))]
      : [paint.bold("Got worse, newest first"), ...worse.flatMap(({ trend, change }) => worsened(trend, change, width, paint))]),
    ...cellsOf(trends).flatMap((cell) => ["", ...cell.flatMap((own, at) => seriesLines(own, at, width, paint))]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Of trends with so many points at most. */
function noneWorse(most: number): string {
  if (most < LEAST_POINTS) return `Too early to tell a change: it takes ${LEAST_POINTS} points of a series, and there are ${most}.`;
  return `Nothing got worse by ${CHANGE_LIMITS.size * 100} % and more, as far as ${counted(most, "point")} can tell.`;
}

function worsened({ series, metric }: Trend, change: TrendChange, width: number, paint: Paint): string[] {
  const cell = `${paint.bold(printable(series.server))} · ${printable(series.scenario)}`;
  const text = `${INDENT}${cell}: ${metric.label} ${paint.red(intervalText(change))} at ${placesText(change)}, ${timeText(change.after.at)}`;
  return [wrapped(text, width, 4)];
}

/** A cell: its series one after the other, each with its trends. */
function cellsOf(trends: readonly Trend[]): Trend[][][] {
  const cells = new Map<string, Map<Series, Trend[]>>();
  for (const trend of trends) {
    const { series } = trend;
    const key = JSON.stringify([series.scenario, series.server]);
    const cell = cells.get(key) ?? new Map<Series, Trend[]>();
    cell.set(series, [...(cell.get(series) ?? []), trend]);
    cells.set(key, cell);
  }
  const newest = (cell: Trend[][]): string => cell.flat().map(lastWorsening).sort().at(-1) ?? "";
  const ranked = [...cells.values()].map((cell) => [...cell.values()]);
  return ranked.toSorted((a, b) => (newest(a) === newest(b) ? 0 : newest(a) < newest(b) ? 1 : -1));
}

function seriesLines(trends: readonly Trend[], at: number, width: number, paint: Paint): string[] {
  const { series } = trends[0]!;
  const { points, differs } = series;
  const span = `${dayOf(points[0]!)} to ${dayOf(points.at(-1)!)}`;
  const invalid = points.filter(({ valid }) => !valid).length;
  const left = invalid === 0 ? "" : `, ${invalid} of them invalid (×) and left out`;
  const head = `${paint.bold(printable(series.server))} · ${printable(series.scenario)}: ${counted(points.length, "point")}, ${span}${left}`;
  const begins =
    at > 0 && differs.length > 0
      ? [paint.yellow(`${INDENT}a new series, compared with none before it: ${differs.map(printable).join("; ")}`)]
      : [];
  const where = paint.dim(`${INDENT}${printable(environmentText(series.environment))}`);
  return [...[head, ...begins, where].map((line) => wrapped(line, width, 4)), ...table(trends, width, paint)];
}

function dayOf({ at, commit }: HistoryPoint): string {
  return (commit?.committedAt ?? at).slice(0, 10);
}

function table(trends: readonly Trend[], width: number, paint: Paint): string[] {
  const texts = (of: (trend: Trend) => string, side: "left" | "right"): string[] => aligned(trends.map(of), side);
  const labels = texts(({ metric }) => metric.label, "left");
  const firsts = texts(({ points, metric }) => valueText(points[0]!, metric), "right");
  const lasts = texts(({ points, metric }) => valueText(points.at(-1)!, metric), "right");
  const units = texts(({ metric }) => metric.unit, "left");
  const taken = INDENT.length + [labels, firsts, lasts, units].reduce((sum, [first]) => sum + textWidth(first!), 0) + 3 * GAP.length + 1;
  const room = Math.min(SPARK.most, Math.max(SPARK.least, width - taken - GAP.length));
  const sparks = texts(
    ({ points }) =>
      spark(
        points.map(({ median, valid }) => ({ value: median, valid })),
        room,
      ),
    "left",
  );
  return trends.flatMap(({ changes }, row) => [
    `${INDENT}${labels[row]!}${GAP}${sparks[row]!}${GAP}${firsts[row]!} → ${lasts[row]!} ${units[row]!}`.trimEnd(),
    ...changes.map((change) => changeLine(change, width, paint)),
  ]);
}

function changeLine(change: TrendChange, width: number, paint: Paint): string {
  const mark = change.verdict === "worse" ? paint.red("✗ worse ") : paint.green("✓ better");
  return wrapped(
    `${INDENT}${INDENT}${mark}  ${intervalText(change)} at ${placesText(change)}, ${timeText(change.after.at)}`,
    width,
    CHANGE_HANG,
  );
}
