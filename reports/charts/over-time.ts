/** What the charts over time share: which trial they draw, how seconds are put in bins, what is shaded. */
import { mergeEncoded } from "../../load/hdr.ts";
import type { EncodedHistogram } from "../../load/hdr.ts";
import type { Histogram } from "../../load/histogram.ts";
import type { Measurement, ResourceSample, Second } from "../../load/measurement.ts";
import { phaseSpans } from "../../load/suite.ts";
import type { Scenario } from "../../load/suite.ts";
import type { DataTable, ScenarioData } from "./chart.ts";
import type { Line, Span } from "./line-panels.ts";
import type { Scale } from "./scale.ts";
import type { ServerLook } from "./style.ts";

/** Most points a series may have. */
const MAX_POINTS = 600;

/** Consecutive seconds drawn as one point. */
export interface Bin {
  readonly atSecond: number;
  readonly seconds: readonly Second[];
}

/** Warm-up and the measured window in bins of `width` seconds; drain is left out, and so is a bin that is not full. */
export function binned(measurement: Measurement, width: number): Bin[] {
  const bins = new Map<number, Second[]>();
  const end = measurement.scenario.durationMs / 1_000;
  for (const second of measurement.seconds) {
    if (second.atSecond >= end) continue;
    const bin = Math.floor(second.atSecond / width) * width;
    bins.set(bin, [...(bins.get(bin) ?? []), second]);
  }
  return [...bins]
    .filter(([, seconds]) => seconds.length === width)
    .map(([atSecond, seconds]) => ({ atSecond, seconds }))
    .toSorted((a, b) => a.atSecond - b.atSecond);
}

/** The narrowest bin, in seconds, that keeps a series within {@link MAX_POINTS}. */
export function binWidth(scenario: Scenario): number {
  return Math.max(1, Math.ceil((scenario.warmupMs + scenario.durationMs) / 1_000 / MAX_POINTS));
}

export function mergedLatency(bin: Bin, of: (second: Second) => EncodedHistogram): Histogram {
  return mergeEncoded(bin.seconds.map(of));
}

/** A line a server from the samples of its typical trial; servers without this value have none. */
export function sampleLines(
  { servers }: ScenarioData,
  value: (sample: ResourceSample) => number | undefined,
  extra: { readonly measure?: string; readonly secondary?: boolean } = {},
): Line[] {
  return servers.flatMap(({ look, typical }) => {
    const points = (typical?.samples ?? []).flatMap((sample): [number, number][] => {
      const y = value(sample);
      return y === undefined || !Number.isFinite(y) ? [] : [[sample.atSecond, y]];
    });
    return points.length < 2 ? [] : [{ look, ...extra, points: thinned(points) }];
  });
}

/** Grey before the measured window, and after it. */
export function shadeOutside(lines: readonly Line[], scenario: Scenario): Span[] {
  const [low, high] = timeScale(lines).domain;
  const end = scenario.durationMs / 1_000;
  return [
    ...(low < 0 ? [{ from: low, to: 0, label: -low > 0.08 * (high - low) ? "warm-up" : "" }] : []),
    ...(high > end ? [{ from: end, to: high, label: "" }] : []),
  ];
}

/** The phases of the measured window; none where one rate holds throughout. */
export function phaseBands(scenario: Scenario): Span[] {
  return phaseSpans(scenario).map(({ name, fromMs, toMs }) => ({ from: fromMs / 1_000, to: toMs / 1_000, label: name }));
}

/** A level from the first moment drawn to the last. */
export function level([low, high]: Scale["domain"], y: number): [number, number][] {
  return [
    [low, y],
    [high, y],
  ];
}

export function timeScale(lines: readonly Line[]): Scale {
  const times = lines.flatMap(({ points }) => points.map(([x]) => x));
  const low = Math.min(...times);
  const high = Math.max(...times);
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].find((size) => (high - low) / size <= 7) ?? 7200;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return { type: "linear", domain: [low, high], ticks };
}

/** A row a moment, a column a line; moments are rounded to whole seconds, for every server is sampled at its own. */
export function timeTable(lines: readonly Line[], unit: string): DataTable {
  const moments = new Map<number, (number | undefined)[]>();
  for (const [at, { points }] of lines.entries()) {
    for (const [x, y] of points) {
      const moment = Math.round(x);
      const row = moments.get(moment) ?? Array.from({ length: lines.length });
      row[at] = y;
      moments.set(moment, row);
    }
  }
  return {
    header: ["second", ...lines.map(({ look, measure }) => [look.server, measure, unit].filter(Boolean).join(" "))],
    rows: [...moments].toSorted(([a], [b]) => a - b).map(([moment, values]) => [moment, ...values]),
  };
}

/** The points of a line within the measured window. */
export function measuredPoints({ points }: Line, scenario: Scenario): Line["points"] {
  return points.filter(([x]) => x >= 0 && x <= scenario.durationMs / 1_000);
}

export function measuredValues(line: Line, scenario: Scenario): number[] {
  return measuredPoints(line, scenario).map(([, y]) => y);
}

/** Those a caption may compare. */
export function validLines(lines: readonly Line[]): Line[] {
  return lines.filter(({ look }) => look.invalid !== true);
}

/** The line whose figure is lowest and the one whose is highest. */
export function extremes(
  lines: readonly Line[],
  figure: (line: Line) => number | undefined,
): { readonly lowest: Extreme; readonly highest: Extreme } | undefined {
  const known = lines.flatMap((line) => {
    const value = figure(line);
    return value === undefined ? [] : [{ look: line.look, value }];
  });
  const sorted = known.toSorted((a, b) => a.value - b.value);
  const [lowest] = sorted;
  const highest = sorted.at(-1);
  return lowest === undefined || highest === undefined ? undefined : { lowest, highest };
}

export interface Extreme {
  readonly look: ServerLook;
  readonly value: number;
}

function thinned(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const every = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, at) => at % every === 0);
}
