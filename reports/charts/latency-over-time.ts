/** p50 and p99 of the delivery latency over time. */
import type { TopLevelSpec } from "vega-lite";
import type { Measurement, Second } from "../../load/measurement.ts";
import type { Scenario } from "../../load/suite.ts";
import { plainNumber } from "../figure-text.ts";
import { phaseFindings } from "../phase-findings.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line, Tick } from "./line-panels.ts";
import {
  binned,
  binWidth,
  mergedLatency,
  measuredPoints,
  measuredValues,
  phaseBands,
  shadeOutside,
  timeScale,
  timeTable,
  validLines,
} from "./over-time.ts";
import { logScale } from "./scale.ts";
import { troubleText, troubleTicks } from "./trouble.ts";

/** A p99 needs a thousand values (METHOD R9: ten beyond it). */
const VALUES_FOR_P99 = 1_000;
const WIDTHS = [1, 2, 5, 10];
/** Of the lowest panel, 150 px: room for the label of the warm-up above every line. */
const LABEL_HEADROOM = 0.12;

export const latencyOverTime: Chart = {
  name: "latency-over-time",
  draw(data) {
    const lines = latencyLines(data);
    if (lines.length === 0) return undefined;
    return {
      caption: [latencyTimeCaption(lines, data.scenario), ...phaseFindings(data.servers.map(({ cell }) => cell)), troubleText(data)]
        .filter((sentence) => sentence !== "")
        .join(" "),
      spec: latencyTimeSpec(lines, data.scenario, troubleTicks(data)),
      table: timeTable(lines, "ms"),
    };
  },
};

/** The p50 of a server, and its p99 in bins as wide as a p99 needs; a server too slow for either has no such line. */
export function latencyLines({ scenario, servers }: ScenarioData): Line[] {
  return servers.flatMap(({ look, typical }) => {
    if (typical === undefined) return [];
    const p99 = { look, measure: "p99", points: pointsOf(typical, 0.99, widthForP99(typical)) };
    const p50 = { look, measure: "p50", secondary: true, points: pointsOf(typical, 0.5, binWidth(scenario)) };
    return [p99, p50].filter(({ points }) => points.length > 1);
  });
}

export function latencyTimeSpec(lines: readonly Line[], scenario: Scenario, ticks: readonly Tick[] = []): TopLevelSpec {
  return linePanels({
    lines,
    arrangement: "family",
    x: { title: "second of the measured window", scale: timeScale(lines) },
    y: {
      title: "latency, ms (log)",
      scale: logScale(
        lines.flatMap(({ points }) => points.map(([, y]) => y)),
        LABEL_HEADROOM,
      ),
    },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
    ticks,
  });
}

export function latencyTimeCaption(lines: readonly Line[], scenario: Scenario): string {
  const valid = validLines(lines);
  const peaks = valid.flatMap((line) => {
    if (line.secondary === true) return [];
    const within = measuredPoints(line, scenario);
    const values = measuredValues(line, scenario).toSorted((a, b) => a - b);
    const peak = within.toSorted((a, b) => b[1] - a[1])[0];
    const middle = values[Math.floor(values.length / 2)];
    return peak === undefined || middle === undefined || middle === 0 ? [] : [{ server: line.look.server, peak, ratio: peak[1] / middle }];
  });
  const [worst] = peaks.toSorted((a, b) => b.ratio - a.ratio);
  const thin = "Thick line p99, thin line p50, at all subscribers.";
  if (valid.length === 0) return `${NO_VALID_CELL} ${thin}`;
  if (worst === undefined) return `Too few deliveries a second for a p99 over time. ${thin}`;
  if (worst.ratio < 1.5)
    return `Steady: no ${valid.length < lines.length ? "valid cell" : "server"}'s p99 rose above 1.5 times its own median. ${thin}`;
  const [second, value] = worst.peak;
  return `${worst.server} peaked at second ${plainNumber(second)}: p99 ${plainNumber(value)} ms, ${worst.ratio.toFixed(1)} times its median over time. ${thin}`;
}

function pointsOf(measurement: Measurement, q: number, width: number | undefined): [number, number][] {
  if (width === undefined) return [];
  return binned(measurement, width).flatMap((bin): [number, number][] => {
    const histogram = mergedLatency(bin, populationOf);
    const ns = histogram.count * (1 - q) < 10 - 1e-6 ? undefined : histogram.quantile(q);
    return ns === undefined || ns <= 0 ? [] : [[bin.atSecond + (width - 1) / 2, ns / 1e6]];
  });
}

/** Wide enough that four bins of five hold a thousand deliveries; `undefined` where even 10 s do not. */
function widthForP99(measurement: Measurement): number | undefined {
  const least = binWidth(measurement.scenario);
  return WIDTHS.map((width) => Math.max(width, least)).find((width) => {
    const bins = binned(measurement, width);
    const full = bins.filter(({ seconds }) => seconds.reduce((sum, { population }) => sum + population.count, 0) >= VALUES_FOR_P99);
    return bins.length > 1 && full.length >= 0.8 * bins.length;
  });
}

function populationOf(second: Second) {
  return second.population;
}
