import { describe, expect, test } from "vitest";
import type { HistoryPoint } from "../load/history-record.ts";
import { historyReport } from "./fixture-history.ts";
import type { FixtureHistory } from "./fixture-history.ts";
import { MOST_POINTS, seriesOf } from "./series.ts";
import { trendsOf, trendsOfRun } from "./trend.ts";
import type { Trend } from "./trend.ts";
import { changeText, intervalText, placesText, placeText, trendFinding, trendsFinding } from "./trend-text.ts";

const SSE = { servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }] };

function points(history: FixtureHistory): readonly HistoryPoint[] {
  return historyReport(history, SSE).run.history;
}

function cpuTrend(history: FixtureHistory): Trend {
  return trendsOf(seriesOf(points(history))[0]!)[0]!;
}

const step = (at: number, by: number) => (i: number) => (i < at ? 1 : by);

describe("series", () => {
  test("never hold two classes of environment: a change begins a new one and says what changed", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint =>
      i < 12 ? point : { ...point, environment: { ...point.environment, node: "22", cores: 4 } };
    // The machine is twice as fast, and nothing of it is a change.
    const series = seriesOf(points({ count: 24, cpu: step(12, 0.5), alter }));
    expect(series.map((one) => [one.points.length, one.differs])).toEqual([
      [12, []],
      [12, ["cores 4, was 2", "Node 22, was 20"]],
    ]);
    expect(series.flatMap(trendsOf).flatMap(({ changes }) => changes)).toEqual([]);
  });

  test("never hold two workloads", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => (i < 5 ? point : { ...point, workload: "abc" });
    expect(seriesOf(points({ count: 10, alter })).map(({ differs }) => differs)).toEqual([[], ["another workload"]]);
  });

  test("stand in the order of the commits, whenever they were measured", () => {
    const shuffled = points({ count: 9 }).toSorted((a, b) => (a.commit!.id.charCodeAt(6) % 3) - (b.commit!.id.charCodeAt(6) % 3));
    const late = shuffled.map((point, i) => ({ ...point, at: new Date(Date.UTC(2027, 0, 1, i)).toISOString() }));
    expect(seriesOf(late)[0]!.points.map(({ run }) => run)).toEqual(Array.from({ length: 9 }, (_, i) => `run-${i + 1}`));
  });

  test("are bounded: the last hundred points, or as many as were asked for", () => {
    const many = points({ count: 130 });
    expect(seriesOf(many)[0]!.points.map(({ run }) => run)[0]).toBe("run-31");
    expect(seriesOf(many)[0]!.points).toHaveLength(MOST_POINTS);
    expect(seriesOf(many, 7)[0]!.points).toHaveLength(7);
  });
});

describe("a trend", () => {
  test("says at which commit a figure changed, by how much, and whether that is worse", () => {
    const { changes } = cpuTrend({ count: 24, cpu: step(14, 1.1) });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ index: 14, verdict: "worse" });
    expect(changes[0]!.change.low).toBeLessThan(0.1);
    expect(changes[0]!.change.high).toBeGreaterThan(0.1);
    expect(placesText(changes[0]!)).toBe("0000014 → 0000015");
    expect(changeText(changes[0]!)).toMatch(/^\+(9|10)\.\d %$/);
    expect(intervalText(changes[0]!)).toMatch(/^\+(9|10)\.\d % \(\+\d+\.\d to \+\d+\.\d\)$/);
    expect(cpuTrend({ count: 24, cpu: step(14, 0.9) }).changes[0]).toMatchObject({ verdict: "better" });
  });

  test("leaves invalid points out of it, and keeps them to be shown", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => (i >= 8 && i < 12 ? { ...point, valid: false } : point);
    const disturbed = cpuTrend({ count: 24, cpu: (i) => (i >= 8 && i < 12 ? 3 : 1), alter });
    expect(disturbed.changes).toEqual([]);
    expect(disturbed.points.filter(({ valid }) => !valid)).toHaveLength(4);
    // And the place of a change behind them is counted among all.
    const { changes } = cpuTrend({ count: 24, cpu: (i) => (i < 12 ? 1 : 1.3), alter });
    expect(changes.map(({ index, before, after }) => [index, placeText(before), placeText(after)])).toEqual([[12, "0000008", "0000013"]]);
  });

  test("passes over points that lack the figure, or have none above 0", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => {
      const figure = { median: 0, low: 0, high: 0, n: 1 };
      return i === 3 ? { ...point, metrics: {} } : i === 4 ? { ...point, metrics: { server_cpu_us_per_delivery: figure } } : point;
    };
    expect(cpuTrend({ count: 10, alter }).points).toHaveLength(8);
  });

  test("tells a change within one commit from one between two", () => {
    const alter = (point: HistoryPoint): HistoryPoint => ({ ...point, commit: { id: "abcdef0123", dirty: true } });
    const [change] = cpuTrend({ count: 12, cpu: step(6, 1.2), alter }).changes;
    expect(placesText(change!)).toBe("within abcdef0+dirty, 2026-01-06 00:00 → 2026-01-07 00:00");
    const outside = ({ commit: _commit, ...point }: HistoryPoint): HistoryPoint => point;
    const [timed] = cpuTrend({ count: 12, cpu: step(6, 1.2), alter: outside }).changes;
    expect(placesText(timed!)).toBe("2026-01-06 00:00 → 2026-01-07 00:00");
  });
});

describe("the finding", () => {
  test("names the server, the figure, by how much and where", () => {
    expect(trendFinding(cpuTrend({ count: 24, cpu: step(14, 1.2) }))).toMatch(/^sse-node's CPU a delivery rose (19|20)\.\d % at 0000015$/);
    const twice = cpuTrend({ count: 30, cpu: (i) => (i < 10 ? 1 : i < 20 ? 2 : 1.5) });
    expect(trendFinding(twice)).toMatch(/^sse-node's CPU a delivery fell 2\d\.\d % at 0000021, its last of 2 changes$/);
  });

  test("of several servers has the newest change first, and who did not change", () => {
    const at: Readonly<Record<string, number>> = { "polling-node": 8, "websocket-ws": 16 };
    const { run, summary } = historyReport((server) => ({ count: 24, cpu: step(at[server] ?? 24, 1.2) }));
    const cpu = trendsOfRun(run, summary).filter(({ metric }) => metric.label === "CPU a delivery");
    expect(trendsFinding(cpu)).toMatch(
      /^websocket-ws's CPU a delivery rose \d+\.\d % at 0000017; polling-node's CPU a delivery rose \d+\.\d % at 0000009; no change with sse-node\.$/,
    );
    expect(trendsFinding(cpu.filter(({ changes }) => changes.length === 0))).toBe("No change in CPU a delivery with sse-node.");
  });
});

describe("the trends of a run", () => {
  test("are those of its own cells, with three points and more", () => {
    const { run, summary } = historyReport({ count: 3 }, SSE);
    expect(new Set(trendsOfRun(run, summary).map(({ series }) => series.server))).toEqual(new Set(["sse-node"]));
    const other = run.history.map((point) => ({ ...point, environment: { ...point.environment, cpu: "another" } }));
    expect(trendsOfRun({ ...run, history: other }, summary)).toEqual([]);
    expect(trendsOfRun({ ...run, history: run.history.slice(1) }, summary)).toEqual([]);
    const { history: _history, ...without } = run;
    expect(trendsOfRun(without, summary)).toEqual([]);
  });
});
