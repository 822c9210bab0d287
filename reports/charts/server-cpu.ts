/** Cores each server uses over time. */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { plainNumber } from "../figure-text.ts";
import { mean } from "../statistics.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { extremes, measuredValues, sampleLines, phaseBands, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { linearScale } from "./scale.ts";

export const serverCpu: Chart = {
  name: "server-cpu",
  draw(data) {
    const lines = serverCpuLines(data);
    if (lines.length === 0) return undefined;
    return { caption: serverCpuCaption(lines, data.scenario), spec: serverCpuSpec(lines, data.scenario), table: timeTable(lines, "cores") };
  },
};

export function serverCpuLines(data: ScenarioData): Line[] {
  return sampleLines(data, ({ serverCpuCores }) => serverCpuCores);
}

export function serverCpuSpec(lines: readonly Line[], scenario: Scenario): TopLevelSpec {
  return linePanels({
    lines,
    arrangement: "family",
    x: { title: "second of the measured window", scale: timeScale(lines) },
    y: { title: "CPU, cores", scale: linearScale(lines.flatMap(({ points }) => points.map(([, y]) => y))) },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
  });
}

export function serverCpuCaption(lines: readonly Line[], scenario: Scenario): string {
  const valid = validLines(lines);
  if (valid.length === 0) return NO_VALID_CELL;
  const found = extremes(valid, (line) => {
    const values = measuredValues(line, scenario);
    return values.length === 0 ? undefined : mean(values);
  });
  if (found === undefined) return "CPU over time; no sample fell into the measured window.";
  const { lowest, highest } = found;
  const most = `${highest.look.server} used ${plainNumber(highest.value)} cores on average`;
  return lowest.look === highest.look ? `${most}.` : `${most}, the most; ${lowest.look.server} the least, ${plainNumber(lowest.value)}.`;
}
