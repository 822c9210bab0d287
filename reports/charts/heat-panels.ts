/** A heatmap for each server: rectangles on a logarithmic axis against time, in steps of viridis that are a factor apart. */
import type { TopLevelSpec } from "vega-lite";
import { logScale } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { serverPanels } from "./server-panels.ts";
import { INK, VIRIDIS } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface HeatCell {
  /** Where its column begins, s. */
  readonly from: number;
  readonly row: number;
  /** Deliveries, 1 or more. */
  readonly count: number;
}

export interface HeatPanelsOptions {
  readonly panels: readonly { readonly look: ServerLook; readonly cells: readonly HeatCell[] }[];
  /** Of the latency, ms, one more than there are rows. */
  readonly rowEdges: readonly number[];
  /** Of a column, s. */
  readonly width: number;
  readonly endSecond: number;
}

/** Near which a panel is as high as makes its rows a whole number of px: between others there would be seams. */
const HEIGHT = 96;
const AXIS_WIDTH = 40;
/** Steps of the colour; each is a factor of a half decade, or of a decade where there are many. */
const MOST_LEVELS = 7;

export function heatPanels({ panels, rowEdges, width, endSecond }: HeatPanelsOptions): TopLevelSpec {
  const cells = panels.flatMap((panel) => panel.cells);
  const begin = Math.min(...cells.map(({ from }) => from));
  const end = Math.max(endSecond, ...cells.map(({ from }) => from + width));
  const limits = levelLimits(Math.max(...cells.map(({ count }) => count)));
  const names = limits.map((limit) => `${limit.toLocaleString("en-US")} or more`);
  const colors = limits.map((_, at) => VIRIDIS[Math.round((at / Math.max(1, limits.length - 1)) * (VIRIDIS.length - 1))]!);
  const rows = rowEdges.length - 1;
  const latency: Scale = { ...logScale(rowEdges), domain: [rowEdges[0]!, rowEdges.at(-1)!] };
  const y = {
    field: "low",
    type: "quantitative",
    scale: { type: "log", domain: latency.domain, nice: false },
    axis: {
      title: "ms (log)",
      values: latency.ticks,
      grid: false,
      domain: false,
      ticks: false,
      labelExpr: "format(datum.value, ',~r')",
    },
  };
  return serverPanels({
    panels: panels.map(({ look, cells: own }) => ({
      look,
      layers: (x: object, first: boolean) => [
        {
          data: {
            values: runsOf(own, width, limits).map(({ row, level, ...run }) => ({
              ...run,
              server: look.server,
              low: rowEdges[row],
              high: rowEdges[row + 1],
              level: names[level],
            })),
          },
          mark: { type: "rect", strokeWidth: 0 },
          encoding: {
            x,
            x2: { field: "to" },
            y: { ...y, ...(first ? {} : { axis: null }) },
            y2: { field: "high" },
            color: {
              field: "level",
              type: "ordinal",
              scale: { domain: names, range: colors },
              legend: {
                title: "deliveries in a cell",
                orient: "top",
                titleColor: INK.muted.color,
                labelColor: INK.fg.color,
                symbolType: "square",
              },
            },
          },
        },
        ...(begin < 0
          ? [
              {
                data: { values: [{ from: 0 }] },
                mark: { type: "rule", strokeWidth: 1, strokeDash: [2, 2], color: INK.muted.color },
                encoding: { x },
              },
            ]
          : []),
      ],
    })),
    x: {
      field: "from",
      title: `second of the measured window${begin < 0 ? "; before 0 is warm-up" : ""}`,
      scale: secondsScale(begin, end),
    },
    height: rows * Math.max(1, Math.round(HEIGHT / rows)),
    axisWidth: AXIS_WIDTH,
    resolve: { scale: { color: "shared" } },
  });
}

/** 1, 3, 10, 30 …, or decades alone, up to the most a cell has. */
export function levelLimits(most: number): number[] {
  const decades: number[] = [];
  for (let decade = 1; decade <= most; decade *= 10) decades.push(decade);
  const halves = decades.flatMap((decade) => [decade, 3 * decade]).filter((limit) => limit <= most);
  return halves.length <= MOST_LEVELS ? halves : decades;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly level: number;
}

/** Cells of one row and one level side by side are one rectangle: a drawing of thousands would be heavy. */
export function runsOf(cells: readonly HeatCell[], width: number, limits: readonly number[]): Run[] {
  const runs: { from: number; to: number; row: number; level: number }[] = [];
  for (const { from, row, count } of cells.toSorted((a, b) => a.row - b.row || a.from - b.from)) {
    const level = limits.findLastIndex((limit) => count >= limit);
    const before = runs.at(-1);
    if (before !== undefined && before.row === row && before.level === level && before.to === from) before.to = from + width;
    else runs.push({ from, to: from + width, row, level });
  }
  return runs;
}

function secondsScale(low: number, high: number): Scale {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].find((size) => (high - low) / size <= 6) ?? 7200;
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) => (first + at) * step);
  return { type: "linear", domain: [low, high], ticks };
}
