/** Open descriptors of each server over time. */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { counted, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { extremes, level, sampleLines, phaseBands, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { linearScale } from "./scale.ts";

export const serverDescriptors: Chart = {
  name: "server-descriptors",
  draw(data) {
    const lines = serverDescriptorLines(data);
    if (lines.length === 0) return undefined;
    return {
      caption: serverDescriptorCaption(lines, data.scenario),
      spec: serverDescriptorSpec(lines, data.scenario),
      table: timeTable(lines, "descriptors"),
    };
  },
};

export function serverDescriptorLines(data: ScenarioData): Line[] {
  return sampleLines(data, ({ serverFds }) => serverFds);
}

export function serverDescriptorSpec(lines: readonly Line[], scenario: Scenario): TopLevelSpec {
  const x = { title: "second of the measured window", scale: timeScale(lines) };
  return linePanels({
    lines,
    arrangement: "family",
    x,
    y: {
      title: "descriptors",
      scale: linearScale(lines.flatMap(({ points }) => points.map(([, y]) => y))),
      labelExpr: "format(datum.value, '~s')",
    },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
    reference: { points: level(x.scale.domain, scenario.subscribers), label: "subscribers" },
  });
}

export function serverDescriptorCaption(lines: readonly Line[], { subscribers }: Scenario): string {
  const valid = validLines(lines);
  if (valid.length === 0) return NO_VALID_CELL;
  const most = ({ points }: Line): number => Math.max(...points.map(([, y]) => y));
  const found = extremes(valid, most);
  if (found === undefined) return "Descriptors over time.";
  const { lowest, highest } = found;
  const equals = valid.filter((line) => most(line) === highest.value).length - 1;
  const others = equals > 0 && lowest.value < highest.value ? ` and ${counted(equals, "other")}` : "";
  const held = `${highest.look.server}${others} held up to ${plainNumber(highest.value)} descriptors for ${plainNumber(subscribers)} subscribers`;
  return lowest.value === highest.value
    ? `${held}${valid.length > 1 ? `, like every other${valid.length < lines.length ? " valid one" : ""}` : ""}.`
    : `${held}; ${lowest.look.server} ${plainNumber(lowest.value)}.`;
}
