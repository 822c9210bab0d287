import { describe, expect, it } from "vitest";
import { encodeHistogram } from "../../load/hdr.ts";
import { createHistogram } from "../../load/histogram.ts";
import type { Measurement } from "../../load/measurement.ts";
import { ALL_SERVERS, fixtureReport, fixtureScenario, only } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { scenarioData } from "./chart.ts";
import { levelLimits, runsOf } from "./heat-panels.ts";
import { heatGrid, heatmap, heatServers, MOST_CELLS } from "./heatmap.ts";

function data(options: FixtureOptions = {}) {
  const { run, summary } = fixtureReport(options);
  return scenarioData(run, summary)[0]!;
}

/** In one second so many of its deliveries took so long. */
function stalled(second: number, slow: number, ms: number): (m: Measurement) => Measurement {
  const histogram = createHistogram();
  histogram.record(2.5e6, 2_000 - slow);
  histogram.record(ms * 1e6, slow);
  const population = encodeHistogram(histogram);
  return (m) => ({ ...m, seconds: m.seconds.map((each) => (each.atSecond === second ? { ...each, population } : each)) });
}

describe("the heatmap", () => {
  it("says where the worst stall was, how many deliveries it held up and above which latency", () => {
    const { caption } = heatmap.draw(data({ alter: only("sse-node", stalled(6, 900, 240)) }))!;
    expect(caption).toMatch(
      /^sse-node at second 6: 900 of 2,000 deliveries took longer than 1\d\.\d ms, five times its median, the longest 240 ms; the only stall\.$/,
    );
  });

  it("names the stall that held up most, and counts the others", () => {
    const alter: FixtureOptions["alter"] = (m) =>
      m.trial.server === "sse-node" ? stalled(3, 400, 240)(m) : m.trial.server === "websocket-ws" ? stalled(5, 700, 90)(m) : m;
    expect(heatmap.draw(data({ alter }))!.caption).toMatch(/^websocket-ws at second 5: 700 of .* the worst of 2 stalls on 2 servers\.$/);
  });

  it("calls no stall what happens in the warm-up, or to less than a tenth", () => {
    for (const alter of [stalled(-1, 900, 240), stalled(4, 150, 240)])
      expect(heatmap.draw(data({ alter: only("sse-node", alter) }))!.caption).toMatch(/^No server stalled: /);
  });

  it("has no more cells than a chart may have, whatever is in it, and every delivery in one of them", () => {
    const scenario = fixtureScenario({ durationMs: 60_000 });
    const spread = createHistogram();
    for (let ms = 0.01; ms < 60_000; ms *= 1.02) spread.record(ms * 1e6, 3);
    const population = encodeHistogram(spread);
    const alter: FixtureOptions["alter"] = (m) => ({
      ...m,
      scenario,
      seconds: Array.from({ length: 62 }, (_, at) => ({ ...m.seconds[0]!, atSecond: at - 2, population })),
    });
    const wide = heatServers(data({ servers: ALL_SERVERS.slice(0, 2), alter }));
    const servers = [...wide, ...wide, ...wide, ...wide, ...wide];
    const { servers: gridded, rowEdges } = heatGrid(servers, scenario);
    const cells = gridded.flatMap((server) => server.cells);
    expect(cells.length).toBeLessThanOrEqual(MOST_CELLS);
    expect(cells.length).toBeGreaterThan(MOST_CELLS / 3);
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(
      servers.flatMap(({ seconds }) => seconds).reduce((sum, { count }) => sum + count, 0),
    );
    for (const { row } of cells) expect(row).toBeLessThan(rowEdges.length - 1);
  });

  it("keeps warm-up and window in columns of their own", () => {
    const scenario = fixtureScenario({ warmupMs: 5_000, durationMs: 300_000 });
    const server = heatServers(data());
    const { servers, width } = heatGrid(server, scenario);
    expect(width).toBeGreaterThan(1);
    for (const { cells } of servers) expect(cells.some(({ from }) => from < 0 && from + width > 0)).toBe(false);
  });
});

describe("levels of colour", () => {
  it.each([
    [1, [1]],
    [9, [1, 3]],
    [2_000, [1, 3, 10, 30, 100, 300, 1_000]],
    [2_000_000, [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]],
  ])("up to %d are a factor apart", (most, limits) => {
    expect(levelLimits(most)).toEqual(limits);
  });

  it("make one rectangle of neighbours of one level, and of no others", () => {
    const cells = [
      { from: 0, row: 1, count: 4 },
      { from: 1, row: 1, count: 5 },
      { from: 2, row: 1, count: 50 },
      { from: 4, row: 1, count: 50 },
      { from: 0, row: 2, count: 50 },
    ];
    expect(runsOf(cells, 1, [1, 3, 10])).toEqual([
      { from: 0, to: 2, row: 1, level: 1 },
      { from: 2, to: 3, row: 1, level: 2 },
      { from: 4, to: 5, row: 1, level: 2 },
      { from: 0, to: 1, row: 2, level: 2 },
    ]);
  });
});
