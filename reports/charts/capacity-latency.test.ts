import { describe, expect, it } from "vitest";
import { fixtureCapacity } from "../fixture-capacity.ts";
import { fixtureRun } from "../fixture.ts";
import { capacityLatency } from "./capacity-latency.ts";
import { drawCharts } from "./catalogue.ts";
import { renderSvg } from "./render.ts";

describe("latency against load", () => {
  it("draws a panel a server that has a p99, with the bracket, the SLO and a mark a trial, and no remark of Vega-Lite", async () => {
    const drawing = capacityLatency(fixtureCapacity().run)!;
    const remarks: string[] = [];
    const svg = await renderSvg(drawing.spec, (remark) => remarks.push(remark));
    expect(remarks).toEqual([]);
    for (const text of ["websocket-ws", "sse-node", "knee 200–400", "knee ≥ 100", "p99 asked: 100 ms", "p50"]) expect(svg).toContain(text);
    expect(svg).not.toContain("polling-node");
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("draws what held, what broke and what says nothing in shapes of their own, at the trials' own figures", () => {
    const { spec } = capacityLatency(fixtureCapacity().run)!;
    const panels = (spec as unknown as { readonly concat: readonly Panel[] }).concat.map(({ layer }) =>
      layer.flatMap(({ mark, data }) => (mark.shape === undefined ? [] : [[mark.shape, data.values] as const])),
    );
    const [held, broke, open] = ["circle", "M-1,-1L1,1M-1,1L1,-1", "square"];
    expect(panels).toEqual([
      [
        [
          held,
          [
            { x: 100, y: 6 },
            { x: 100, y: 7 },
            { x: 200, y: 11 },
            { x: 200, y: 12 },
          ],
        ],
        [
          broke,
          [
            { x: 400, y: 134 },
            { x: 400, y: 151 },
          ],
        ],
      ],
      [
        [
          held,
          [
            { x: 100, y: 5 },
            { x: 100, y: 6 },
          ],
        ],
        [
          open,
          [
            { x: 100, y: 9 },
            { x: 200, y: 30 },
            { x: 200, y: 31 },
          ],
        ],
      ],
    ]);
  });

  it("joins the medians of what was judged", () => {
    const { spec } = capacityLatency(fixtureCapacity((server) => server === "websocket-ws").run)!;
    const [{ layer }] = (spec as unknown as { readonly concat: readonly [Panel] }).concat;
    const [p50, p99] = layer.filter(({ mark }) => mark.type === "line").map(({ data }) => data.values);
    expect(p99).toEqual([
      { x: 100, y: 6.5 },
      { x: 200, y: 11.5 },
      { x: 400, y: 142.5 },
    ]);
    expect(p50).toEqual([
      { x: 100, y: 6.5 / 4 },
      { x: 200, y: 11.5 / 4 },
      { x: 400, y: 142.5 / 4 },
    ]);
  });

  it("states the finding, and keeps every trial in its table, those without a figure too", () => {
    const { caption, table } = capacityLatency(fixtureCapacity().run)!;
    expect(caption).toBe(
      "Most: websocket-ws between 200 and 400 connections: delivery_latency_ms.p99 was 134 ms where < 100 was asked. A mark is a trial's p99: a dot where it held, a cross where it broke, a square where it says nothing; the lines are medians.",
    );
    expect(table.rows).toHaveLength(12);
    for (const row of table.rows) expect(row).toHaveLength(table.header.length);
    expect(table.rows.at(-1)).toEqual(["polling-node", 100, "first", "broke", undefined, undefined, 12, "the server ended"]);
  });

  it("is absent where nothing was searched, or nothing had a p99", () => {
    expect(capacityLatency(fixtureRun())).toBeUndefined();
    expect(capacityLatency(fixtureCapacity((server) => server === "polling-node").run)).toBeUndefined();
  });

  it("stands before the charts of the levels that the answers name, and of no others", () => {
    const { run, summary } = fixtureCapacity();
    const drawings = drawCharts(run, summary);
    expect(drawings[0]).toMatchObject({ name: "capacity-latency", section: "capacity" });
    expect(new Set(drawings.slice(1).map(({ scenario }) => scenario))).toEqual(
      new Set(["broadcast,connections=100", "broadcast,connections=200", "all scenarios"]),
    );
  });
});

interface Panel {
  readonly layer: readonly {
    readonly mark: { readonly type: string; readonly shape?: string };
    readonly data: { readonly values: readonly object[] };
  }[];
}
