import { describe, expect, it } from "vitest";
import { fixtureComparison, having, scaled } from "../fixture-comparison.ts";
import type { ComparisonFixture } from "../fixture-comparison.ts";
import { ALL_SERVERS, fixtureScenario, HOSTILE_NAME, invalid, only } from "../fixture.ts";
import { printableDocument } from "../formats/escape.ts";
import { drawCharts } from "./catalogue.ts";
import { forest, forestPanels } from "./forest.ts";
import { renderSvg } from "./render.ts";
import { CHANGE_COLORS } from "./style.ts";

const planted: ComparisonFixture["head"] = {
  alter: (m) =>
    only("sse-node", scaled({ server_cpu_us_per_delivery: 1.5 }))(only("polling-node", scaled({ "delivery_latency_ms.p50": 0.4 }))(m)),
};
const { comparison } = fixtureComparison({ head: planted });

describe("the forest plot of two runs", () => {
  it("has a panel a metric that can be drawn, in the headline's order, and a row a server", () => {
    const panels = forestPanels(comparison.cells);
    expect(panels.map(({ metric, rows }) => [metric, rows.length])).toEqual([
      ["server_cpu_us_per_delivery", 3],
      ["bytes_down_per_delivery", 3],
      ["requests_per_delivery", 1],
      ["delivery_latency_ms.p50", 3],
      ["delivery_latency_ms.p99", 3],
      ["delivery_rate", 3],
    ]);
    expect(panels.map(({ band }) => band)).toEqual([0.03, 0.03, 0.03, 0.25, 0.25, 0.03]);
  });

  it("states the finding, and has every row in its table", () => {
    const { caption, table } = forest(comparison, "broadcast")!;
    expect(caption).toMatch(
      /^1 worse, 1 better, \d+ the same, \d+ unsure \(~\), of 16 comparisons\. Worse: sse-node server_cpu_us_per_delivery \+4\d % .*\. Better: polling-node delivery_latency_ms\.p50 −6\d % /,
    );
    expect(table.rows).toHaveLength(16);
    expect(table.rows.find(([, server, , , , verdict]) => server === "sse-node" && verdict === "▲ worse")?.[0]).toBe(
      "server_cpu_us_per_delivery",
    );
  });

  it.each([
    ["planted changes", { head: planted }],
    ["thirteen servers", { shared: { servers: ALL_SERVERS, trials: 2 } }],
    ["one trial a side", { shared: { trials: 1 } }],
    ["changes of a hundred times and more", { shared: { trials: 2 }, head: { alter: scaled({ server_cpu_us_per_delivery: 5_000 }) } }],
    ["losses on both sides", { shared: { trials: 2, alter: having({ messages_lost: 30 }) } }],
    [
      "an invalid cell and hostile names",
      {
        shared: { trials: 2, servers: [...ALL_SERVERS.slice(0, 2), { name: HOSTILE_NAME, transport: "carrier-pigeon", latencyMs: 2 }] },
        head: { alter: only("sse-node", invalid) },
      },
    ],
  ] satisfies [string, ComparisonFixture][])("is drawn of %s without a remark of Vega-Lite and without a hole", async (_, fixture) => {
    const drawing = forest(fixtureComparison(fixture).comparison, "broadcast")!;
    const remarks: string[] = [];
    const svg = await renderSvg(drawing.spec, (remark) => remarks.push(remark));
    expect(remarks).toEqual([]);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|null|<img/);
    expect(printableDocument(svg)).toBe(svg);
    expect(svg).toContain("server_cpu_us_per_delivery");
    for (const row of drawing.table.rows) expect(row).toHaveLength(drawing.table.header.length);
  });

  it("tells a verdict by word and shape, not by colour alone", async () => {
    const svg = await renderSvg(forest(comparison, "broadcast")!.spec);
    expect(svg).toMatch(new RegExp(`fill="${CHANGE_COLORS.worse.color}"[^>]*>worse \\+4\\d %<`));
    expect(svg).toMatch(new RegExp(`fill="${CHANGE_COLORS.better.color}"[^>]*>better −6\\d %<`));
    expect(svg).toMatch(/>~ \S+ %</);
    expect(svg).toMatch(/>same 0 %</);
  });

  it("keeps the labels of its axes clear of each other", async () => {
    for (const factor of [1.02, 1.3, 2, 9, 80]) {
      const { comparison: of } = fixtureComparison({
        shared: { trials: 2 },
        head: { alter: only("sse-node", scaled({ server_cpu_us_per_delivery: factor })) },
      });
      const { concat } = forest(of, "broadcast")!.spec as unknown as {
        readonly concat: readonly { readonly width: number; readonly layer: readonly { readonly encoding: { readonly x: Axis } }[] }[];
      };
      for (const { width, layer } of concat) {
        const { scale, axis } = layer[0]!.encoding.x;
        const [low, high] = scale.domain;
        const places = axis.values.map((tick) => (width * Math.log(tick / low)) / Math.log(high / low));
        expect(places.length).toBeGreaterThanOrEqual(3);
        for (const [at, place] of places.slice(1).entries()) expect(place - places[at]!, String(factor)).toBeGreaterThan(30);
        expect(low * high).toBeCloseTo(1, 9);
      }
    }
  });

  it("is absent where nothing can be compared", () => {
    const { comparison: of } = fixtureComparison({ shared: { trials: 1 }, head: { scenarios: [fixtureScenario({ rate: 1 })] } });
    expect(forest(of, "broadcast")).toBeUndefined();
  });

  it("stands once a scenario among a report's charts, and in none without a comparison", () => {
    const scenarios = ["one", "two"].map((name) => fixtureScenario({ name }));
    const { head, comparison: of } = fixtureComparison({ shared: { trials: 1, scenarios } });
    const names = drawCharts(head.run, head.summary, { comparison: of }).flatMap(({ name, section }) =>
      section === "compare" ? [name] : [],
    );
    expect(names).toEqual(["forest-one", "forest-two"]);
    expect(drawCharts(head.run, head.summary).map(({ section }) => section)).not.toContain("compare");
  });
});

interface Axis {
  readonly scale: { readonly domain: readonly [number, number] };
  readonly axis: { readonly values: readonly number[] };
}
