/** How late the event loop of each server was over time, where the server tells it. */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { measuredPoints, phaseBands, sampleLines, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { logScale } from "./scale.ts";

const KEY = "Thick line p99, thin line the longest, each since the sample before, as the server tells it.";

export const loopDelay: Chart = {
  name: "loop-delay",
  draw(data) {
    const lines = loopDelayLines(data);
    if (lines.length === 0) return undefined;
    return { caption: loopDelayCaption(lines, data.scenario), spec: loopDelaySpec(lines, data.scenario), table: timeTable(lines, "ms") };
  },
};

/** In ms; 0 has no place on a logarithmic axis. */
export function loopDelayLines(data: ScenarioData): Line[] {
  const positive = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);
  return [
    ...sampleLines(data, ({ serverLoopDelayP99Ms }) => positive(serverLoopDelayP99Ms), { measure: "p99" }),
    ...sampleLines(data, ({ serverLoopDelayMaxMs }) => positive(serverLoopDelayMaxMs), { measure: "max", secondary: true }),
  ];
}

export function loopDelaySpec(lines: readonly Line[], scenario: Scenario): TopLevelSpec {
  return linePanels({
    lines,
    arrangement: "family",
    x: { title: "second of the measured window", scale: timeScale(lines) },
    y: { title: "event-loop delay, ms (log)", scale: logScale(lines.flatMap(({ points }) => points.map(([, y]) => y))) },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
  });
}

/** Who was held up longest, once, within the measured window. */
export function loopDelayCaption(lines: readonly Line[], scenario: Scenario): string {
  const valid = validLines(lines);
  if (valid.length === 0) return `${NO_VALID_CELL} ${KEY}`;
  const longest = valid.flatMap((line) => {
    const [worst] = measuredPoints(line, scenario).toSorted((a, b) => b[1] - a[1]);
    return worst === undefined ? [] : [{ server: line.look.server, second: worst[0], ms: worst[1] }];
  });
  const [worst] = longest.toSorted((a, b) => b.ms - a.ms);
  if (worst === undefined) return `Event-loop delay over time; no sample fell into the measured window. ${KEY}`;
  return `The event loop of ${worst.server} was held up longest: ${plainNumber(worst.ms)} ms by second ${plainNumber(Math.round(worst.second))}. ${KEY}`;
}
