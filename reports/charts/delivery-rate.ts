/** Deliveries a second over time, against what was due. */
import type { TopLevelSpec } from "vega-lite";
import type { Scenario } from "../../load/suite.ts";
import { counted, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line } from "./line-panels.ts";
import { binned, binWidth, measuredValues, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { linearScale } from "./scale.ts";

export const deliveryRate: Chart = {
  name: "delivery-rate",
  draw(data) {
    const lines = deliveryRateLines(data);
    if (lines.length === 0) return undefined;
    return {
      caption: deliveryRateCaption(lines, data.scenario),
      spec: deliveryRateSpec(lines, data.scenario),
      table: timeTable(lines, "1/s"),
    };
  },
};

export function deliveryRateLines({ scenario, servers }: ScenarioData): Line[] {
  const width = binWidth(scenario);
  return servers.flatMap(({ look, typical }) => {
    const bins = typical === undefined ? [] : binned(typical, width);
    if (bins.length < 2) return [];
    const points = bins.map(({ atSecond, seconds }): [number, number] => [
      atSecond,
      seconds.reduce((sum, { delivered }) => sum + delivered, 0) / width,
    ]);
    return [{ look, points }];
  });
}

/** Deliveries a second that the schedule asks for: each subscriber listens to one topic. */
export function dueRate({ rate, subscribers, topics }: Scenario): number {
  return (rate * subscribers) / topics;
}

export function deliveryRateSpec(lines: readonly Line[], scenario: Scenario): TopLevelSpec {
  const due = dueRate(scenario);
  return linePanels({
    lines,
    arrangement: "family",
    x: { title: "second of the measured window", scale: timeScale(lines) },
    y: {
      title: "deliveries / s",
      scale: linearScale([due, ...lines.flatMap(({ points }) => points.map(([, y]) => y))]),
      labelExpr: "format(datum.value, '~s')",
    },
    shade: shadeOutside(lines, scenario),
    reference: { y: due, label: "due" },
  });
}

export function deliveryRateCaption(lines: readonly Line[], scenario: Scenario): string {
  const due = dueRate(scenario);
  const valid = validLines(lines);
  if (valid.length === 0) return NO_VALID_CELL;
  const slow = valid.flatMap((line) => {
    const values = measuredValues(line, scenario);
    const low = values.filter((value) => value < 0.9 * due).length;
    return low > 0 ? [{ server: line.look.server, low, of: values.length, least: Math.min(...values) }] : [];
  });
  const [worst] = slow.toSorted((a, b) => b.low - a.low);
  const everyone = valid.length < lines.length ? "Every valid cell" : "Every server";
  if (worst === undefined) return `${everyone} kept up: no second fell below 90 % of the ${plainNumber(due)} deliveries/s that were due.`;
  const others = slow.length > 1 ? ` So did ${counted(slow.length - 1, "other server")}, less often.` : "";
  return `${worst.server} fell below 90 % of the ${plainNumber(due)} deliveries/s due in ${worst.low} of ${worst.of} points, to ${plainNumber(worst.least)} at the least.${others}`;
}
