import { describe, expect, it } from "vitest";
import { fixtureReport, fixtureScenario, invalid } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { drawCharts, undrawnDetails } from "./catalogue.ts";

/** Scenarios that are slower the higher their number, but for the fourth, which is slowest. */
function report(count: number, alter: FixtureOptions["alter"] = (m) => m) {
  return fixtureReport({
    servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }],
    scenarios: Array.from({ length: count }, (_, at) => fixtureScenario({ name: `s${at + 1}`, durationMs: 4_000 })),
    alter: (m) => {
      const number = Number(m.scenario.name.slice(1));
      return alter({ ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": number === 4 ? 90 : number } });
    },
  });
}

describe("details", () => {
  it("are drawn of every scenario where there are four", () => {
    const { run, summary } = report(4);
    expect(undrawnDetails(run, summary)).toEqual([]);
  });

  it("are drawn of the first, the last and the slowest of those between where there are more; what all have is drawn of all", () => {
    const { run, summary } = report(8);
    const drawings = drawCharts(run, summary);
    const of = (chart: string) => drawings.filter(({ name }) => name.startsWith(`${chart}-`)).map(({ scenario }) => scenario);
    for (const chart of ["distribution", "heatmap", "delivery-rate", "loop-delay"]) expect(of(chart)).toEqual(["s1", "s4", "s8"]);
    expect(of("percentile-curves")).toHaveLength(8);
    expect(undrawnDetails(run, summary)).toEqual(["s2", "s3", "s5", "s6", "s7"]);
  });

  it("go by valid cells", () => {
    const { run, summary } = report(8, (m) => (m.scenario.name === "s4" ? invalid(m) : m));
    expect(undrawnDetails(run, summary)).toEqual(["s2", "s3", "s4", "s5", "s6"]);
    const nowhere = report(6, invalid);
    expect(undrawnDetails(nowhere.run, nowhere.summary)).toHaveLength(3);
  });

  it("are drawn of all where every one is asked for, under the same names", () => {
    const { run, summary } = report(8);
    const names = (everyDetail: boolean) => drawCharts(run, summary, { everyDetail }).map(({ name }) => name);
    expect(names(true).filter((name) => name.startsWith("heatmap-"))).toHaveLength(8);
    expect(names(true)).toEqual(expect.arrayContaining(names(false)));
  });
});
