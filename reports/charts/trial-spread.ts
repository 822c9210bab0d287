/** How far the trials of each cell lie apart: every trial's p50 and p99 against the median of its cell. */
import type { TopLevelSpec } from "vega-lite";
import { factorText, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, DataTable, ScenarioData } from "./chart.ts";
import { rowsWidth } from "./range-rows.ts";
import { logScale } from "./scale.ts";
import { INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

/** Of a server: a line for each of its measures. */
const ROW_HEIGHT = 30;
const MEASURES = ["p50", "p99"] as const;
type Measure = (typeof MEASURES)[number];

export interface SpreadRow {
  readonly look: ServerLook;
  readonly measure: Measure;
  readonly medianMs: number;
  /** ms, in the order of the repetitions. */
  readonly values: readonly number[];
  /** The largest of them divided by the smallest. */
  readonly ratio: number;
}

export const trialSpread: Chart = {
  name: "trial-spread",
  draw(data) {
    const rows = trialSpreadRows(data);
    if (rows.length === 0) return undefined;
    return { caption: trialSpreadCaption(rows), spec: trialSpreadSpec(rows), table: table(rows) };
  },
};

/** Figures that two trials or more of a cell have. */
export function trialSpreadRows({ servers }: ScenarioData): SpreadRow[] {
  return servers.flatMap(({ look, cell }) =>
    MEASURES.flatMap((measure): SpreadRow[] => {
      const { values = [], median = 0 } = cell.metrics[`delivery_latency_ms.${measure}`] ?? {};
      if (values.length < 2 || Math.min(...values) <= 0) return [];
      return [{ look, measure, medianMs: median, values, ratio: Math.max(...values) / Math.min(...values) }];
    }),
  );
}

export function trialSpreadSpec(rows: readonly SpreadRow[]): TopLevelSpec {
  const looks = [...new Map(rows.map(({ look }) => [look.server, look])).values()];
  const domain = looks.map(({ server }) => server);
  const points = rows.flatMap(({ look, measure, medianMs, values }) =>
    values.map((value) => ({ server: look.server, measure, ratio: value / medianMs, valid: look.invalid !== true })),
  );
  const bars = rows.map(({ look, measure, medianMs, values }) => ({
    server: look.server,
    measure,
    low: Math.min(...values) / medianMs,
    high: Math.max(...values) / medianMs,
  }));
  const scale = logScale([...points.map(({ ratio }) => ratio), 0.8, 1.25]);
  const ticks = [...new Set([...scale.ticks, 1, ...(scale.domain[1] < 3 ? [0.7, 0.8, 0.9, 1.1, 1.25, 1.5] : [])])];
  const x = {
    field: "ratio",
    type: "quantitative",
    scale: { type: "log", domain: scale.domain, nice: false },
    axis: {
      title: "latency of a trial / median of its cell (log): upper marks p50, lower marks p99",
      values: ticks.filter((tick) => tick >= scale.domain[0] && tick <= scale.domain[1]),
      labelExpr: "'×' + format(datum.value, '~r')",
      labelOverlap: "greedy",
      domain: false,
      ticks: false,
    },
  };
  const y = {
    field: "server",
    type: "nominal",
    sort: domain,
    axis: { title: null, domain: false, ticks: false, labelColor: INK.fg.color, labelLimit: 220, labelFontSize: 12 },
  };
  const yOffset = { field: "measure", type: "nominal", sort: MEASURES, scale: { paddingOuter: 0.3 } };
  const nominal = { field: "server", type: "nominal", legend: null };
  const color = { ...nominal, scale: { domain, range: looks.map((look) => look.color) } };
  const opacity = { condition: { test: "datum.valid", value: 1 }, value: 0.65 };
  const width = rowsWidth(domain);
  return specification({
    width,
    height: ROW_HEIGHT * looks.length,
    layer: [
      { data: { values: [{ x: 1 }] }, mark: { type: "rule", color: INK.muted.color }, encoding: { x: { ...x, field: "x" } } },
      {
        data: { values: bars },
        mark: { type: "rule", strokeWidth: 1.5, opacity: 0.65 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, yOffset, color },
      },
      {
        data: { values: points },
        mark: { type: "point", size: 34, strokeWidth: 1.4 },
        encoding: {
          x,
          y,
          yOffset,
          stroke: color,
          fill: { ...nominal, scale: { domain, range: looks.map((look) => (look.filled ? look.color : INK.paper.color)) } },
          shape: { ...nominal, scale: { domain, range: looks.map(({ shape }) => shape) } },
          opacity,
        },
      },
      {
        data: { values: looks.map((look) => ({ server: look.server, label: rowLabel(rows, look) })) },
        mark: { type: "text", align: "left", baseline: "middle", dx: 10, color: INK.fg.color },
        encoding: { x: { value: width }, y, text: { field: "label" } },
      },
    ],
  });
}

function rowLabel(rows: readonly SpreadRow[], { server, invalid }: ServerLook): string {
  const own = rows.filter(({ look }) => look.server === server);
  const last = own.at(-1)!;
  return `${last.measure} ${factorText(last.ratio) || "level"}${invalid === true ? " · invalid" : ""}`;
}

/** By the p99, or the p50 where no cell has one. */
export function trialSpreadCaption(rows: readonly SpreadRow[]): string {
  const valid = rows.filter(({ look }) => look.invalid !== true);
  if (valid.length === 0) return NO_VALID_CELL;
  const measure = valid.some((row) => row.measure === "p99") ? "p99" : "p50";
  const sorted = valid.filter((row) => row.measure === measure).toSorted((a, b) => b.ratio - a.ratio);
  const widest = sorted[0]!;
  const narrowest = sorted.at(-1)!;
  const from = `${plainNumber(Math.min(...widest.values))} to ${plainNumber(Math.max(...widest.values))} ms`;
  const times = ({ ratio }: SpreadRow): string => factorText(ratio).slice(1) || "1.00";
  const rest = narrowest === widest ? "" : `, those of ${narrowest.look.server} least, by ${times(narrowest)}`;
  return `The trials of ${widest.look.server} differ most: ${measure} from ${from}, a factor of ${times(widest)}${rest}.`;
}

function table(rows: readonly SpreadRow[]): DataTable {
  const trials = Math.max(...rows.map(({ values }) => values.length));
  return {
    header: ["server", "percentile", ...Array.from({ length: trials }, (_, at) => `trial ${at + 1} ms`), "largest / smallest"],
    rows: rows.map(({ look, measure, values, ratio }) => [
      look.server,
      measure,
      ...Array.from({ length: trials }, (_, at) => values[at]),
      ratio,
    ]),
  };
}
