/** Deliveries a second over time, against what was due. */
import type { TopLevelSpec } from "vega-lite";
import { phaseSpans } from "../../load/suite.ts";
import type { Scenario } from "../../load/suite.ts";
import { counted, plainNumber } from "../figure-text.ts";
import { NO_VALID_CELL } from "./chart.ts";
import type { Chart, ScenarioData } from "./chart.ts";
import { linePanels } from "./line-panels.ts";
import type { Line, Tick } from "./line-panels.ts";
import { binned, binWidth, level, measuredPoints, phaseBands, shadeOutside, timeScale, timeTable, validLines } from "./over-time.ts";
import { linearScale } from "./scale.ts";
import { troubleText, troubleTicks } from "./trouble.ts";

export const deliveryRate: Chart = {
  name: "delivery-rate",
  draw(data) {
    const lines = deliveryRateLines(data);
    if (lines.length === 0) return undefined;
    return {
      caption: [deliveryRateCaption(lines, data.scenario), troubleText(data)].filter((sentence) => sentence !== "").join(" "),
      spec: deliveryRateSpec(lines, data.scenario, troubleTicks(data)),
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

/** The same as a course over time, with a corner at each edge of a phase. */
export function dueCourse(scenario: Scenario, [low, high]: readonly [number, number]): [number, number][] {
  const spans = phaseSpans(scenario);
  const [first] = spans;
  if (first === undefined) return level([low, high], dueRate(scenario));
  const at = (rate: number): number => dueRate({ ...scenario, rate });
  return [
    [Math.min(low, 0), at(first.startRate)],
    ...spans.flatMap(({ fromMs, toMs, startRate, endRate }): [number, number][] => [
      [fromMs / 1_000, at(startRate)],
      [toMs / 1_000, at(endRate)],
    ]),
  ];
}

/** Deliveries a second that were due from a second on for as long as a point stands for. */
function dueFrom(scenario: Scenario, second: number): number {
  const width = binWidth(scenario);
  const spans = phaseSpans(scenario);
  if (spans.length === 0) return dueRate(scenario);
  const due = spans.reduce((sum, { fromMs, toMs, startRate, endRate }) => {
    const [from, to] = [Math.max(second, fromMs / 1_000), Math.min(second + width, toMs / 1_000)];
    const middle = (1_000 * (from + to)) / 2;
    return to > from ? sum + (to - from) * (startRate + ((endRate - startRate) * (middle - fromMs)) / (toMs - fromMs)) : sum;
  }, 0);
  return dueRate({ ...scenario, rate: due / width });
}

export function deliveryRateSpec(lines: readonly Line[], scenario: Scenario, ticks: readonly Tick[] = []): TopLevelSpec {
  const x = { title: "second of the measured window", scale: timeScale(lines) };
  const due = dueCourse(scenario, x.scale.domain);
  return linePanels({
    lines,
    arrangement: "family",
    x,
    y: {
      title: "deliveries / s",
      scale: linearScale([...due.map(([, y]) => y), ...lines.flatMap(({ points }) => points.map(([, y]) => y))]),
      labelExpr: "format(datum.value, '~s')",
    },
    shade: shadeOutside(lines, scenario),
    bands: phaseBands(scenario),
    ticks,
    reference: { points: due, label: "due" },
  });
}

export function deliveryRateCaption(lines: readonly Line[], scenario: Scenario): string {
  const valid = validLines(lines);
  if (valid.length === 0) return NO_VALID_CELL;
  const phased = scenario.phases !== undefined;
  const slow = valid.flatMap((line) => {
    const points = measuredPoints(line, scenario);
    const low = points.filter(([second, value]) => value < 0.9 * dueFrom(scenario, second));
    return low.length > 0
      ? [
          {
            server: line.look.server,
            low: low.length,
            of: points.length,
            at: low[0]![0],
            least: Math.min(...points.map(([, value]) => value)),
          },
        ]
      : [];
  });
  const [worst] = slow.toSorted((a, b) => b.low - a.low);
  const everyone = valid.length < lines.length ? "Every valid cell" : "Every server";
  const what = phased ? "of what was due in it" : `of the ${plainNumber(dueRate(scenario))} deliveries/s that were due`;
  if (worst === undefined) return `${everyone} kept up: no second fell below 90 % ${what}.`;
  const others = slow.length > 1 ? ` So did ${counted(slow.length - 1, "other server")}, less often.` : "";
  const fell = `in ${worst.low} of ${worst.of} points`;
  return phased
    ? `${worst.server} fell below 90 % of what was due ${fell}, first at second ${plainNumber(worst.at)}.${others}`
    : `${worst.server} fell below 90 % of the ${plainNumber(dueRate(scenario))} deliveries/s due ${fell}, to ${plainNumber(worst.least)} at the least.${others}`;
}
