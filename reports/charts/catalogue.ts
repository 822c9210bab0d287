/** Every chart, by the section of the page it stands in. */
import type { Summary } from "../summary.ts";
import type { RunData } from "../run-data.ts";
import type { Chart, Drawing } from "./chart.ts";
import { scenarioData } from "./chart.ts";
import { deliveryRate } from "./delivery-rate.ts";
import { generatorLoad } from "./generator-load.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { latencyRanges } from "./latency-ranges.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { publishLag } from "./publish-lag.ts";
import { serverCpu } from "./server-cpu.ts";
import { serverDescriptors } from "./server-descriptors.ts";
import { serverMemory } from "./server-memory.ts";

export type ChartSection = "verdict" | "trust" | "latency" | "time" | "resources";

const CHARTS: Readonly<Record<ChartSection, readonly Chart[]>> = {
  verdict: [latencyRanges],
  trust: [generatorLoad, publishLag],
  latency: [percentileCurves],
  time: [deliveryRate, latencyOverTime],
  resources: [serverCpu, serverMemory, serverDescriptors],
};

export interface NamedDrawing extends Drawing {
  /** Unique in a report and stable: chart and scenario, fit for a file's name and an anchor. */
  readonly name: string;
  readonly section: ChartSection;
  readonly scenario: string;
}

/** All drawings of a run that have data, scenario by scenario within each section. */
export function drawCharts(run: RunData, summary: Summary): NamedDrawing[] {
  const scenarios = scenarioData(run, summary);
  const slugs = slugsOf(scenarios.map(({ scenario }) => scenario.name));
  return Object.entries(CHARTS).flatMap(([section, charts]) =>
    scenarios.flatMap((data, at) =>
      charts.flatMap((chart) => {
        const drawing = chart.draw(data);
        if (drawing === undefined) return [];
        return [{ ...drawing, name: `${chart.name}-${slugs[at]!}`, section: section as ChartSection, scenario: data.scenario.name }];
      }),
    ),
  );
}

/** Scenario names as parts of file names; those that would collide get a number. */
function slugsOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 60) || "scenario";
    let slug = base;
    for (let n = 2; taken.has(slug); n++) slug = `${base}-${n}`;
    taken.add(slug);
    return slug;
  });
}
