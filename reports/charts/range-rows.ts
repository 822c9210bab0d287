/** A row a server, a bar from its p50 to its p99 on a log axis: the frame of the charts that compare ranges. */
import type { TopLevelSpec } from "vega-lite";
import { logScale } from "./scale.ts";
import { INK, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface RangeRow {
  readonly look: ServerLook;
  readonly valid: boolean;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
  /** The interval of the p99 over the trials. */
  readonly low?: number;
  readonly high?: number;
  /** Written beside the last mark. */
  readonly label: string;
}

const ROW_HEIGHT = 24;

/** Beside the marks; where a limit is drawn the labels stand in a column at the right, clear of its line, and may be longer. */
const LABEL_WIDTH = { beside: 100, column: 150 } as const;

/** Rows stand in the order given; an invalid one is paler and dashed. `limit` draws a level that should not be passed. */
export function rangeRows(
  rows: readonly RangeRow[],
  axisTitle: string,
  limit?: { readonly value: number; readonly label: string },
): TopLevelSpec {
  const values = rows.map(({ look, ...row }) => ({
    ...row,
    server: look.server,
    start: row.p50 ?? row.p95 ?? row.p99,
    end: Math.max(row.p50 ?? 0, row.p95 ?? 0, row.p99 ?? 0),
    tip: Math.max(row.p50 ?? 0, row.p95 ?? 0, row.p99 ?? 0, row.high ?? 0),
  }));
  const looks = rows.map(({ look }) => look);
  const domain = looks.map(({ server }) => server);
  const scale = logScale([...values.flatMap(({ start, tip, low }) => [start ?? 0, tip, low ?? 0]), limit?.value ?? 0]);
  const nominal = { field: "server", type: "nominal", legend: null };
  const color = { ...nominal, scale: { domain, range: looks.map((look) => look.color) } };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain: scale.domain, nice: false },
    axis: { title: axisTitle, values: scale.ticks, labelExpr: "format(datum.value, ',~r')", domain: false, ticks: false },
  });
  const y = {
    field: "server",
    type: "nominal",
    sort: domain,
    axis: { title: null, domain: false, ticks: false, labelColor: INK.fg.color, labelLimit: 220, labelFontSize: 12 },
  };
  const opacity = { condition: { test: "datum.valid", value: 1 }, value: 0.65 };
  const strokeDash = { condition: { test: "datum.valid", value: [1, 0] }, value: [4, 3] };
  const width = rowsWidth(domain, limit === undefined ? LABEL_WIDTH.beside : LABEL_WIDTH.column);
  const having = (field: "p50" | "p95" | "p99" | "low") => values.filter((row) => row[field] !== undefined);
  return specification({
    width,
    height: { step: ROW_HEIGHT },
    data: { values },
    layer: [
      ...(limit === undefined ? [] : limitLayers(limit, x("x"))),
      { mark: { type: "rule", strokeWidth: 3 }, encoding: { x: x("start"), x2: { field: "end" }, y, color, opacity, strokeDash } },
      {
        data: { values: having("low") },
        mark: { type: "rule", strokeWidth: 9, opacity: 0.22 },
        encoding: { x: x("low"), x2: { field: "high" }, y, color },
      },
      {
        data: { values: having("p50") },
        mark: { type: "tick", thickness: 3, height: 12 },
        encoding: { x: x("p50"), y, color, opacity },
      },
      {
        data: { values: having("p95") },
        mark: { type: "tick", thickness: 1.5, height: 9 },
        encoding: { x: x("p95"), y, color, opacity },
      },
      {
        data: { values: having("p99") },
        mark: { type: "point", size: 60, strokeWidth: 1.75 },
        encoding: {
          x: x("p99"),
          y,
          stroke: color,
          fill: { ...nominal, scale: { domain, range: looks.map((look) => (look.filled ? look.color : INK.paper.color)) } },
          shape: { ...nominal, scale: { domain, range: looks.map(({ shape }) => shape) } },
          opacity,
        },
      },
      {
        mark: { type: "text", align: "left", baseline: "middle", dx: 10, color: INK.fg.color },
        encoding: { x: limit === undefined ? x("tip") : { value: width }, y, text: { field: "label" } },
      },
    ],
  });
}

/** What the names leave of the page's width, with room for a label at the right. */
export function rowsWidth(names: readonly string[], labelWidth: number = LABEL_WIDTH.beside): number {
  const longest = Math.max(...names.map(({ length }) => length));
  return 1150 - labelWidth - Math.min(220, longest * 7);
}

function limitLayers({ value, label }: { readonly value: number; readonly label: string }, x: object) {
  const data = { values: [{ x: value, label }] };
  return [
    { data, mark: { type: "rule", strokeDash: [1, 3], color: INK.muted.color }, encoding: { x } },
    {
      data,
      mark: { type: "text", align: "left", baseline: "bottom", dx: 3, fontSize: 10, color: INK.muted.color },
      encoding: { x, y: { value: -2 }, text: { field: "label" } },
    },
  ];
}
