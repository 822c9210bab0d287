/** What changed between two runs: a panel a metric, a row a server, each with its interval and the band in which nothing changed. */
import type { TopLevelSpec } from "vega-lite";
import { changeText, ratioText, verdictText } from "../change-text.ts";
import { headlineRank } from "../comparison.ts";
import type { Change, ComparedCell, Comparison } from "../comparison.ts";
import { comparisonFinding } from "../comparison-finding.ts";
import type { DataTable, Drawing } from "./chart.ts";
import { CHANGE_COLORS, INK, specification } from "./style.ts";

export interface ForestPanel {
  readonly metric: string;
  readonly band: number;
  readonly rows: readonly ForestRow[];
}

interface ForestRow {
  readonly server: string;
  readonly change: Change;
  readonly ratio: number;
  readonly low?: number;
  readonly high?: number;
}

/** The headline metrics of one scenario; absent where none has a ratio in any cell. */
export function forest(comparison: Comparison, scenario: string): Drawing | undefined {
  const cells = comparison.cells.filter((cell) => cell.scenario === scenario);
  const panels = forestPanels(cells);
  if (panels.length === 0) return undefined;
  const servers = cells.map(({ server }) => server);
  const drawnOnly = cells.map((cell) => ({ ...cell, changes: cell.changes.filter((change) => isDrawn(change, panels)) }));
  const caption = `${comparisonFinding({ cells: drawnOnly })}. A mark is head against base, a bar its 95 % interval; in the shaded band nothing changed.`;
  return { caption, spec: forestSpec(panels, servers), table: table(panels) };
}

function isDrawn(change: Change, panels: readonly ForestPanel[]): boolean {
  return panels.some(({ rows }) => rows.some((row) => row.change === change));
}

/** A panel where something can be drawn: counts of 0 in both runs have nothing to show. */
export function forestPanels(cells: readonly ComparedCell[]): ForestPanel[] {
  const rows = cells.flatMap(({ server, changes }) =>
    changes
      .filter(({ headline, base, head }) => headline && [base, head].some((side) => side?.values.some((value) => value !== 0)))
      .flatMap((change): ForestRow[] => {
        const { value = 0, low, high } = change.ratio ?? {};
        // 0 has no place on a logarithmic axis.
        return value > 0 ? [{ server, change, ratio: value, ...interval(low, high) }] : [];
      }),
  );
  const metrics = [...new Set(rows.map(({ change }) => change.metric))].toSorted((a, b) => headlineRank(a) - headlineRank(b));
  return metrics.map((metric) => {
    const own = rows.filter(({ change }) => change.metric === metric);
    return { metric, band: own[0]!.change.band, rows: own };
  });
}

function interval(low: number | undefined, high: number | undefined): Pick<ForestRow, "low" | "high"> {
  return low === undefined || high === undefined || low <= 0 ? {} : { low, high };
}

const FULL_WIDTH = 1150;
const COLUMNS = 3;
const ROW_HEIGHT = 20;
const SPACING = 14;
/** Of `worse +3,220 %`, with its distance; the layout counts it as part of a panel. */
const LABEL_WIDTH = 96;
const NAME_PX = 6.6;
const MOST_NAME_PX = 190;

export function forestSpec(panels: readonly ForestPanel[], servers: readonly string[]): TopLevelSpec {
  const columns = Math.min(COLUMNS, panels.length);
  const names = Math.min(MOST_NAME_PX, Math.max(...servers.map(({ length }) => length)) * NAME_PX);
  const width = Math.floor((FULL_WIDTH - names) / columns - LABEL_WIDTH - SPACING);
  return specification({
    columns,
    spacing: { row: 22, column: SPACING },
    concat: panels.map((panel, at) => drawn(panel, servers, width, at % columns === 0)),
  });
}

function drawn({ metric, band, rows }: ForestPanel, servers: readonly string[], width: number, named: boolean) {
  const domain = domainOf(rows, band);
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain, nice: false },
    axis: {
      title: null,
      values: ticksOf(domain, width),
      labelExpr: "datum.value == 1 ? '0' : format(100 * (datum.value - 1), '+,.0f') + ' %'",
      domain: false,
      ticks: false,
      grid: false,
    },
  });
  const y = {
    field: "server",
    type: "nominal",
    scale: { domain: servers },
    axis: named
      ? { title: null, domain: false, ticks: false, labelColor: INK.fg.color, labelLimit: MOST_NAME_PX, labelFontSize: 12 }
      : { title: null, domain: false, ticks: false, labels: false },
  };
  const values = rows.map(({ server, ratio, low, high, change }) => ({
    server,
    ratio: clamped(ratio, domain),
    ...(low === undefined || high === undefined ? {} : { low: clamped(low, domain), high: clamped(high, domain) }),
    change,
  }));
  const marks = [...new Set(rows.map(({ change }) => markOf(change)))].flatMap((mark) => {
    const own = values
      .filter(({ change }) => markOf(change) === mark)
      .map(({ change, ...value }) => ({ ...value, label: labelOf(change) }));
    const { shape, color, filled } = MARKS[mark];
    return [
      {
        data: { values: own.filter(({ low }) => low !== undefined) },
        mark: { type: "rule", strokeWidth: 2, color },
        encoding: { x: x("low"), x2: { field: "high" }, y },
      },
      {
        data: { values: own },
        mark: { type: "point", shape, size: 52, strokeWidth: 1.6, stroke: color, fill: filled ? color : INK.paper.color, opacity: 1 },
        encoding: { x: x("ratio"), y },
      },
      {
        data: { values: own },
        mark: { type: "text", align: "left", baseline: "middle", dx: 8, fontSize: 11, color },
        encoding: { x: { value: width }, y, text: { field: "label" } },
      },
    ];
  });
  return {
    title: metric,
    width,
    height: { step: ROW_HEIGHT },
    layer: [
      {
        data: { values: [{ from: 1 / (1 + band), to: 1 + band }] },
        mark: { type: "rect", color: INK.grid.color },
        encoding: { x: x("from"), x2: { field: "to" } },
      },
      { data: { values: [{ none: 1 }] }, mark: { type: "rule", strokeDash: [2, 3], color: INK.muted.color }, encoding: { x: x("none") } },
      ...marks,
    ],
  };
}

/** Shape and words tell the verdict, whatever the colour; what is not sure is hollow. */
const MARKS = {
  "worse up": { shape: "triangle-up", color: CHANGE_COLORS.worse.color, filled: true },
  "worse down": { shape: "triangle-down", color: CHANGE_COLORS.worse.color, filled: true },
  "better up": { shape: "triangle-up", color: CHANGE_COLORS.better.color, filled: true },
  "better down": { shape: "triangle-down", color: CHANGE_COLORS.better.color, filled: true },
  same: { shape: "circle", color: INK.fg.color, filled: true },
  unsure: { shape: "circle", color: INK.muted.color, filled: false },
} as const;

function markOf({ verdict, ratio }: Change): keyof typeof MARKS {
  if (verdict === "same" || verdict === "unsure") return verdict;
  return `${verdict} ${(ratio?.value ?? 2) > 1 ? "up" : "down"}`;
}

function labelOf(change: Change): string {
  return `${change.verdict === "unsure" ? "~" : change.verdict} ${changeText(change)}`;
}

/** An interval may be a hundred times as wide as the changes are; beyond this it runs to the edge. */
const WIDEST_INTERVAL = Math.log(4);

/** As far up as down from no change, with all marks, the band, and of the intervals what does not dwarf them. */
function domainOf(rows: readonly ForestRow[], band: number): [number, number] {
  const marks = Math.max(...rows.map(({ ratio }) => Math.abs(Math.log(ratio))));
  const ends = Math.max(0, ...rows.flatMap(({ low, high }) => [low, high].map((end) => Math.abs(Math.log(end ?? 1)))));
  const extent = 1.1 * Math.max(0.01, 1.5 * Math.log1p(band), marks, Math.min(ends, Math.max(WIDEST_INTERVAL, marks)));
  return [Math.exp(-extent), Math.exp(extent)];
}

function clamped(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

/** Changes that a person would write, about as far up as down; those that fit are taken, the widest. */
const TICKS: readonly (readonly number[])[] = [
  [0.99, 1.01],
  [0.98, 1.02],
  [0.95, 1.05],
  [0.9, 1.1],
  [0.8, 0.9, 1.1, 1.25],
  [0.7, 0.85, 1.2, 1.5],
  [0.5, 0.7, 1.5, 2],
  [0.25, 0.5, 2, 4],
  [0.1, 0.3, 3, 10],
  [0.01, 0.1, 10, 100],
];

/** What a label of an axis takes. */
const TICK_PX = 44;

function ticksOf([low, high]: readonly [number, number], width: number): number[] {
  const [least = 1, ...others] = TICKS.findLast((ticks) => ticks[0]! > low && ticks.at(-1)! < high) ?? [];
  const outer = [...new Set([least, 1, others.at(-1) ?? 1])];
  const apart = (a: number, b: number): number => (Math.abs(Math.log(a / b)) / Math.log(high / low)) * width;
  const inner = others.slice(0, -1).filter((tick) => outer.every((other) => apart(tick, other) >= TICK_PX));
  return [...outer, ...inner].toSorted((a, b) => a - b);
}

function table(panels: readonly ForestPanel[]): DataTable {
  return {
    header: ["metric", "server", "change", "from", "to", "verdict"],
    rows: panels.flatMap(({ metric, rows }) =>
      rows.map(({ server, change, low, high }) => [
        metric,
        server,
        changeText(change),
        low === undefined ? undefined : ratioText(low),
        high === undefined ? undefined : ratioText(high),
        verdictText(change),
      ]),
    ),
  };
}
