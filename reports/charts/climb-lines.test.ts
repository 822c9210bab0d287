import { describe, expect, it } from "vitest";
import { CLIMB_CHART_NAMES, climbReport } from "../fixture-climb.ts";
import type { ClimbOptions } from "../fixture-climb.ts";
import { failed, HOSTILE_NAME, invalid } from "../fixture.ts";
import { climbsOf } from "../climb.ts";
import { drawCharts } from "./catalogue.ts";
import type { NamedDrawing } from "./catalogue.ts";
import { kneeOf } from "./climb-latency.ts";
import { climbLines } from "./climb-lines.ts";
import { renderSvg } from "./render.ts";

function draw(options: ClimbOptions = {}): NamedDrawing[] {
  const { run, summary } = climbReport(options);
  return drawCharts(run, summary).filter(({ section }) => section === "scale");
}

/** p99 by number of subscribers, the same for all servers. */
function latencies(p99: Readonly<Record<number, number>>): ClimbOptions["alter"] {
  return (m) => ({ ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": p99[m.scenario.subscribers]! } });
}

const hostile: ClimbOptions = {
  name: HOSTILE_NAME,
  servers: [{ name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 1 }],
  stopped: { [HOSTILE_NAME]: [5_000, HOSTILE_NAME] },
};

describe.each([
  ["two servers, one of them stopped", {}],
  ["invalid cells", { alter: (m) => (m.scenario.subscribers === 2_000 ? invalid(m) : m) }],
  ["a hostile name", hostile],
] satisfies [string, ClimbOptions][])("the charts of %s", (_, options) => {
  const drawings = draw(options);

  it("are all there", () => {
    expect(drawings.map(({ name }) => name.replace(/^(climb-[a-z]+)-.*/, "$1"))).toEqual(CLIMB_CHART_NAMES);
  });

  it.each(CLIMB_CHART_NAMES)("%s draws its marks, without a remark of Vega-Lite and without a hole", async (name) => {
    const { spec, caption, table } = drawings.find((drawing) => drawing.name.startsWith(name))!;
    const remarks: string[] = [];
    const svg = await renderSvg(spec, (remark) => remarks.push(remark));
    expect(remarks).toEqual([]);
    for (const mark of ["line", "symbol", "text"]) expect(svg).toMatch(new RegExp(`class="mark-${mark} role-mark[^>]*><(path|text)`));
    for (const text of [svg, caption]) expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
    expect(svg).not.toContain("<img");
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row).toHaveLength(table.header.length);
  });
});

it("are none where nothing was measured, or there is no climb", () => {
  expect(draw({ alter: (m) => failed(m) })).toEqual([]);
  expect(draw({ levels: [500, 2_000] })).toEqual([]);
});

it("have a row for each server and level with the value that was measured, and say which is invalid", () => {
  const alter: ClimbOptions["alter"] = (m) => {
    const known = latencies({ 500: 1.5, 2_000: 3, 5_000: 6 })!(m);
    return m.scenario.subscribers === 2_000 && m.trial.server === "sse-node" ? invalid(known) : known;
  };
  expect(draw({ alter })[0]!.table.rows).toEqual([
    ["sse-node", 500, 1.5, "valid"],
    ["sse-node", 2_000, 3, "invalid"],
    ["websocket-uws", 500, 1.5, "valid"],
    ["websocket-uws", 2_000, 3, "valid"],
    ["websocket-uws", 5_000, 6, "valid"],
  ]);
});

describe("a line", () => {
  const figure = { name: "p99", metrics: ["delivery_latency_ms.p99"], unit: "ms", title: "p99", caption: () => "" };
  const line = (server: string, options: ClimbOptions) =>
    climbLines(climbsOf(climbReport(options).summary)[0]!, figure).find(({ look }) => look.server === server)!;

  it("has a cross at each invalid point, and a bar at its end where the server was stopped", () => {
    const alter: ClimbOptions["alter"] = (m) => (m.scenario.subscribers === 500 ? invalid(m) : m);
    const { notes, points, look } = line("sse-node", { alter });
    expect(notes).toMatchObject([
      { kind: "invalid", x: 500 },
      { kind: "end", x: 2_000, word: "stopped" },
    ]);
    expect([points.length, look.invalid]).toEqual([2, false]);
    expect(line("websocket-uws", {}).notes).toEqual([]);
  });

  it("says in its label that nothing of it is valid", () => {
    expect(line("sse-node", { alter: invalid }).look.invalid).toBe(true);
  });

  it("has no point at 0, for which a logarithmic axis has no place", () => {
    const alter = latencies({ 500: 0, 2_000: 3, 5_000: 6 })!;
    expect(line("websocket-uws", { alter }).points).toEqual([
      [2_000, 3],
      [5_000, 6],
    ]);
  });
});

describe("captions", () => {
  it("name the knee and compare where two servers have a valid figure", () => {
    const alter: ClimbOptions["alter"] = (m) =>
      latencies(m.trial.server === "sse-node" ? { 500: 1, 2_000: 50 } : { 500: 1, 2_000: 4, 5_000: 9 })!(m);
    expect(draw({ alter })[0]!.caption).toBe(
      "The p99 grows faster than the connections with sse-node (from 500). At 2,000 connections the p99 is 4 ms with websocket-uws, the least, and 50 ms with sse-node, the most of 2.",
    );
  });

  it("say that all have the same, where they have", () => {
    const alter = latencies({ 500: 2, 2_000: 2, 5_000: 2 })!;
    expect(draw({ alter })[0]!.caption).toBe(
      "No p99 grows faster than the connections. At 2,000 connections the p99 is 2 ms with all 2 servers.",
    );
  });

  it("compare nothing invalid", () => {
    const alter: ClimbOptions["alter"] = (m) => (m.trial.server === "sse-node" ? invalid(m) : m);
    for (const { caption } of draw({ alter })) expect(caption).not.toContain("sse-node");
    for (const { caption } of draw({ alter: invalid })) expect(caption).toMatch(/^No valid cell/);
  });
});

it("leave a closed loop out of the latencies, which are not to be compared", () => {
  const alter: ClimbOptions["alter"] = (m) => ({
    ...m,
    validity: { valid: true, reasons: [{ code: "closed_loop", severity: "warning", message: "", advice: "" }] },
  });
  expect(draw({ alter })[0]!.name).toMatch(/^climb-connect/);
});

describe("kneeOf", () => {
  const levels = (...values: readonly number[]) => values.map((value, n) => ({ connections: 1_000 * 10 ** n, value, valid: true }));

  it.each([
    ["grows in proportion", [1, 10, 100], undefined],
    ["grows less than in proportion", [1, 2, 3], undefined],
    ["scatters around proportion", [1, 12, 120], undefined],
    ["bends at the second level", [1, 10, 300], 10_000],
    ["bends at once", [1, 30, 900], 1_000],
    ["has one level", [1], undefined],
  ])("of a p99 that %s", (_, values, connections) => {
    expect(kneeOf(levels(...values))?.connections).toBe(connections);
  });
});
