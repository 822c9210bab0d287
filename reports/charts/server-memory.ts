/** Memory of each server over time: what is its own alone (USS), and what is resident (RSS). */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { extremes, measuredValues, sampleLines, phaseBands, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { linearScale } from "./scale.ts";

const MIB = 2 ** 20;

export const serverMemory: Chart = {
  name: "server-memory",
  draw(data) {
    const lines = serverMemoryLines(data);
    if (lines.length === 0) return undefined;
    return {
      caption: serverMemoryCaption(lines, data.scenario),
      spec: serverMemorySpec(lines, data.scenario),
      table: timeTable(lines, "MiB"),
    };
  },
};

/** USS where it could be read, with RSS thin beside it; RSS alone where it could not. MiB. */
export function serverMemoryLines(data: ScenarioData): Line[] {
  const uss = sampleLines(data, ({ serverUssBytes }) => inMib(serverUssBytes), { measure: "USS" });
  const rss = sampleLines(data, ({ serverRssBytes }) => inMib(serverRssBytes), { measure: "RSS" });
  const owned = new Set(uss.map(({ look }) => look.server));
  return [...uss, ...rss.map((line) => (owned.has(line.look.server) ? { ...line, secondary: true } : line))];
}

export function serverMemorySpec(lines: readonly Line[], scenario: Scenario): TopLevelSpec {
  return linePanels({
    lines,
    arrangement: "family",
    x: { title: "second of the measured window", scale: timeScale(lines) },
    y: { title: "memory, MiB", scale: linearScale(lines.flatMap(({ points }) => points.map(([, y]) => y))) },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
  });
}

export function serverMemoryCaption(lines: readonly Line[], scenario: Scenario): string {
  const main = lines.filter(({ secondary }) => secondary !== true);
  const valid = validLines(main);
  const found = extremes(valid, (line) => {
    const values = measuredValues(line, scenario);
    return values.length === 0 ? undefined : Math.max(...values);
  });
  const key = lines.length > main.length ? " Thick line USS, thin line RSS." : "";
  if (valid.length === 0) return `${NO_VALID_CELL}${key}`;
  if (found === undefined) return `Memory over time; no sample fell into the measured window.${key}`;
  const { lowest, highest } = found;
  const most = `${highest.look.server} held up to ${plainNumber(highest.value)} MiB`;
  const rest = lowest.look === highest.look ? "" : `, the most; ${lowest.look.server} the least, ${plainNumber(lowest.value)} MiB`;
  return `${most}${rest}.${key}`;
}

function inMib(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / MIB;
}
