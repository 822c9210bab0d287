/** A figure over the runs, a panel a server: the median of each run with its band, and where it changed. */
import type { TopLevelSpec } from "vega-lite";
import { counted } from "../figure-text.ts";
import { changeText, placeText, timeText, trendsFinding } from "../trend-text.ts";
import type { Trend, TrendPoint } from "../trend.ts";
import type { Drawing } from "./chart.ts";
import { toPixels } from "./scale.ts";
import type { Scale } from "./scale.ts";
import { INK, lookOf, specification } from "./style.ts";
import type { ServerLook } from "./style.ts";

/** Of one figure and one scenario: a trend a server. `libraryOf` tells how a server's marks are filled. */
export function trendDrawing(trends: readonly Trend[], libraryOf: (server: string) => string): Drawing {
  const panels = trends.map((trend) => ({
    trend,
    look: lookOf(trend.series.server, trend.series.transport, libraryOf(trend.series.server)),
  }));
  const invalid = trends.reduce((sum, { points }) => sum + points.filter(({ valid }) => !valid).length, 0);
  const note = invalid === 0 ? "" : ` A cross: ${counted(invalid, "invalid point")}, which no change rests on.`;
  return { caption: `${trendsFinding(trends)}${note}`, spec: trendSpec(panels), table: trendTable(trends) };
}

interface Panel {
  readonly trend: Trend;
  readonly look: ServerLook;
}

const FULL_WIDTH = 1160;
const AXIS_WIDTH = 64;
const HEIGHT = 130;
const COLUMNS = 3;
/** Of a letter of a label, in px. */
const LETTER_WIDTH = 6;

function trendSpec(panels: readonly Panel[]): TopLevelSpec {
  const columns = Math.min(COLUMNS, panels.length);
  const width = Math.floor(FULL_WIDTH / columns) - AXIS_WIDTH - 16;
  return specification({
    columns,
    spacing: { row: 18, column: 16 },
    concat: panels.map((panel, at) => drawn(panel, width, at % columns === 0)),
  });
}

function drawn({ trend, look }: Panel, width: number, first: boolean) {
  const { points, changes, metric } = trend;
  const rows = points.map((point, at) => ({
    x: at + 1,
    y: point.median / metric.divisor,
    low: point.low / metric.divisor,
    high: point.high / metric.divisor,
    valid: point.valid,
  }));
  const [x, y] = [runScale(points.length), levelScale(rows.flatMap(({ low, high }) => [low, high]))];
  const position = {
    x: { field: "x", type: "quantitative", scale: plain(x), axis: runAxis(points, x) },
    y: { field: "y", type: "quantitative", scale: plain(y), axis: levelAxis(first ? `${metric.label}, ${metric.unit}` : null) },
  };
  const [valid, invalid] = [rows.filter((row) => row.valid), rows.filter((row) => !row.valid)];
  const spread = valid.filter(({ low, high }) => low < high);
  return {
    title: look.server.slice(0, 40),
    width,
    height: HEIGHT,
    layer: [
      ...(spread.length === 0
        ? []
        : [
            {
              data: { values: valid },
              mark: { type: "area", color: look.color, opacity: 0.18, clip: true },
              encoding: { ...position, y: { ...position.y, field: "low" }, y2: { field: "high" } },
            },
          ]),
      {
        data: { values: valid },
        mark: {
          type: "line",
          color: look.color,
          strokeWidth: 1.75,
          clip: true,
          ...(look.dash.length === 0 ? {} : { strokeDash: look.dash }),
        },
        encoding: position,
      },
      // Of few runs each is seen; of many the line is enough.
      ...(valid.length > MOST_MARKS
        ? []
        : [
            {
              data: { values: valid },
              mark: {
                type: "point",
                shape: look.shape,
                size: 18,
                stroke: look.color,
                fill: look.filled ? look.color : INK.paper.color,
                opacity: 1,
              },
              encoding: position,
            },
          ]),
      ...(invalid.length === 0
        ? []
        : [
            {
              data: { values: invalid },
              mark: {
                type: "point",
                shape: "M-1,-1L1,1M-1,1L1,-1",
                size: 45,
                strokeWidth: 1.6,
                stroke: INK.alarm.color,
                opacity: 1,
                clip: true,
              },
              encoding: position,
            },
          ]),
      ...changeLayers(changes, { x, width, position: position.x }),
    ],
  };
}

const MOST_MARKS = 40;

/** A rule before the first point of each new level, and above it by how much and at which commit; of those that would cover others the rule alone. */
function changeLayers(
  changes: Trend["changes"],
  { x, width, position }: { readonly x: Scale; readonly width: number; readonly position: object },
) {
  if (changes.length === 0) return [];
  const rules = changes.map(({ index, verdict }) => ({ x: index + 0.5, worse: verdict === "worse" }));
  return [
    {
      data: { values: rules },
      mark: { type: "rule", strokeDash: [4, 3], strokeWidth: 1.25 },
      encoding: { x: position, color: { condition: { test: "datum.worse", value: INK.alarm.color }, value: INK.muted.color } },
    },
    ...(["left", "right"] as const).flatMap((align) => {
      const values = changeLabels(changes, x, width).filter((label) => label.align === align);
      if (values.length === 0) return [];
      return [
        {
          data: { values: values.map(({ at, text }) => ({ x: at, text })) },
          mark: { type: "text", align, baseline: "bottom", dx: align === "left" ? 3 : -3, fontSize: 10, color: INK.fg.color },
          encoding: { x: position, y: { value: -3 }, text: { field: "text" } },
        },
      ];
    }),
  ];
}

interface ChangeLabel {
  readonly at: number;
  readonly text: string;
  readonly align: "left" | "right";
}

/** From the newest back, each where it has room: to the right of its rule, or to the left of one near the end. */
function changeLabels(changes: Trend["changes"], x: Scale, width: number): ChangeLabel[] {
  let free = width;
  return changes.toReversed().flatMap((change): ChangeLabel[] => {
    const text = `${changeText(change)} at ${placeText(change.after)}`;
    const at = change.index + 0.5;
    const px = toPixels(at, x, width);
    const needed = text.length * LETTER_WIDTH + 6;
    const align = px + needed <= free ? "left" : "right";
    const from = align === "left" ? px : px - needed;
    if (from < 0 || (align === "right" && px > free)) return [];
    free = from;
    return [{ at, text, align }];
  });
}

function runScale(count: number): Scale {
  return { type: "linear", domain: [0.5, count + 0.5], ticks: count === 1 ? [1] : [1, count] };
}

/** Around what there is, and not from 0: a change of a twentieth is to be seen. */
function levelScale(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max((high - low) * 0.1, high * 0.03);
  return { type: "linear", domain: [Math.max(0, low - room), high + room], ticks: [] };
}

/** The days of the first and the last run. */
function runAxis(points: readonly TrendPoint[], { ticks }: Scale) {
  const day = ({ at, commit }: TrendPoint): string => (commit?.committedAt ?? at).slice(0, 10);
  const [first, last] = [day(points[0]!), day(points.at(-1)!)];
  return {
    title: null,
    values: ticks,
    grid: false,
    domain: false,
    ticks: false,
    labelFlush: true,
    labelExpr: `datum.value == 1 ? '${first}' : '${last}'`,
  };
}

function levelAxis(title: string | null) {
  return { title, tickCount: 3, grid: true, domain: false, ticks: false, labelExpr: "format(datum.value, ',~r')" };
}

function plain({ type, domain }: Scale) {
  return { type, domain, nice: false, zero: false };
}

function trendTable(trends: readonly Trend[]): Drawing["table"] {
  const { unit, divisor } = trends[0]!.metric;
  return {
    header: ["server", "commit or run", "run at (UTC)", `median ${unit}`, "low", "high", "trials", "validity", "change"],
    rows: trends.flatMap(({ series, points, changes }) =>
      points.map((point, at) => {
        const change = changes.find(({ index }) => index === at);
        const { median, low, high, n, valid } = point;
        return [
          series.server,
          point.commit === undefined ? point.run : placeText(point),
          timeText(point.at),
          median / divisor,
          low / divisor,
          high / divisor,
          n,
          valid ? "valid" : "invalid",
          change === undefined ? undefined : `${changeText(change)}, ${change.verdict}`,
        ];
      }),
    ),
  };
}
