import { describe, expect, it } from "vitest";
import type { Scenario } from "../../load/suite.ts";
import { ALL_SERVERS, fixtureReport, fixtureScenario, invalid, QUICK_SERVERS } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { frontierOf } from "./batch-frontier.ts";
import { drawCharts } from "./catalogue.ts";
import type { NamedDrawing } from "./catalogue.ts";
import { renderSvg } from "./render.ts";

const BATCHES = { 0: "0", 10: "10ms", 100: "100ms" } as const;

function batched(name = "broadcast"): Scenario[] {
  return Object.entries(BATCHES).map(([ms, batch]) =>
    fixtureScenario({ name: `${name},batch=${batch}`, batchMs: Number(ms), parameters: { batch: ms === "0" ? 0 : batch } }),
  );
}

/** Each server's CPU time for a delivery in µs, by the batch. */
const CPU: Readonly<Record<string, readonly number[]>> = {
  "polling-node": [50, 40, 40],
  "sse-node": [20, 10, 8],
  "websocket-ws": [10, 8, 5],
};

const known: FixtureOptions["alter"] = (m) => {
  const at = Object.keys(BATCHES).indexOf(String(m.scenario.batchMs));
  const p99 = (m.trial.server === "polling-node" ? 100 : 5) + m.scenario.batchMs;
  const cpu = CPU[m.trial.server]?.[at] ?? 10;
  return { ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": p99, server_cpu_us_per_delivery: cpu } };
};

function frontiers(options: FixtureOptions): NamedDrawing[] {
  const { run, summary } = fixtureReport(options);
  return drawCharts(run, summary).filter(({ section, name }) => section === "cost" && name.startsWith("batch-frontier"));
}

describe("the frontier of batches", () => {
  const [drawing] = frontiers({ scenarios: batched(), alter: known });

  it("is one drawing of all scenarios that differ in nothing else, a row a server and batch", () => {
    expect(drawing).toMatchObject({ name: "batch-frontier-broadcast", scenario: "broadcast" });
    expect(drawing!.table.rows).toEqual([
      ["polling-node", "0", 20_000, 100, "yes"],
      ["polling-node", "10ms", 25_000, 110, "yes"],
      ["polling-node", "100ms", 25_000, 200, "yes"],
      ["sse-node", "0", 50_000, 5, "yes"],
      ["sse-node", "10ms", 100_000, 15, "yes"],
      ["sse-node", "100ms", 125_000, 105, "yes"],
      ["websocket-ws", "0", 100_000, 5, "yes"],
      ["websocket-ws", "10ms", 125_000, 15, "yes"],
      ["websocket-ws", "100ms", 200_000, 105, "yes"],
    ]);
  });

  it("states who gains most and what is paid for it, and who delivers most for its CPU at either end", () => {
    expect(drawing!.caption).toBe(
      "sse-node gains most: with a batch of 100ms it delivers 2.5 times as much for its CPU as without a batch, at a p99 of 105 ms instead of 5. " +
        "Without a batch websocket-ws delivers most for its CPU, 100,000/s a core; with a batch of 100ms it does as well, 200,000/s.",
    );
  });

  it("says where another server delivers most with the longest batch, and where nobody gains", () => {
    const turned: FixtureOptions["alter"] = (m) => {
      const gains = m.trial.server === "sse-node" && m.scenario.batchMs === 100;
      return { ...known(m), metrics: { ...known(m).metrics, server_cpu_us_per_delivery: gains ? 2 : (CPU[m.trial.server]?.[0] ?? 1) } };
    };
    expect(frontiers({ scenarios: batched(), alter: turned })[0]!.caption).toMatch(
      /\. Without a batch websocket-ws delivers most for its CPU, 100,000\/s a core; with a batch of 100ms sse-node does, 500,000\/s\.$/,
    );
    const flat: FixtureOptions["alter"] = (m) => ({ ...known(m), metrics: { ...known(m).metrics, server_cpu_us_per_delivery: 10 } });
    expect(frontiers({ scenarios: batched(), alter: flat })[0]!.caption).toMatch(
      /^No server delivers more for its CPU with a longer batch\./,
    );
  });

  it("is absent where batch was not varied, and where no server has two batches with both figures", () => {
    expect(frontiers({ alter: known })).toEqual([]);
    expect(frontiers({ scenarios: batched().slice(0, 1), alter: known })).toEqual([]);
    const without: FixtureOptions["alter"] = (m) => ({ ...m, metrics: { "delivery_latency_ms.p99": 5 } });
    expect(frontiers({ scenarios: batched(), alter: without })).toEqual([]);
  });

  it("is drawn for each other scenario that was batched", () => {
    const scenarios = [...batched("broadcast"), ...batched("topics")];
    expect(frontiers({ scenarios, alter: known }).map(({ name }) => name)).toEqual(["batch-frontier-broadcast", "batch-frontier-topics"]);
  });

  it("draws an invalid point, says so beside it, and names no server for it", async () => {
    const alter: FixtureOptions["alter"] = (m) =>
      m.trial.server === "sse-node" && m.scenario.batchMs === 100
        ? invalid({ ...known(m), metrics: { ...known(m).metrics, server_cpu_us_per_delivery: 0.1 } })
        : known(m);
    const [doubted] = frontiers({ scenarios: batched(), alter });
    expect(doubted!.caption).toMatch(/^(sse-node|websocket-ws) gains most: with a batch of (10ms|100ms) it delivers 2\.0 times/);
    expect(doubted!.caption).not.toContain("10,000,000");
    expect(doubted!.caption).toMatch(/ Of 9 points 8 are valid, and only those are compared\.$/);
    const svg = await renderSvg(doubted!.spec);
    expect(svg).toContain(">100ms ✗</text>");
    expect(svg).toContain(">sse-node (1 of 3 invalid)</text>");
    expect(doubted!.table.rows.find(([server, batch]) => server === "sse-node" && batch === "100ms")?.at(-1)).toBe("no");
    expect(frontiers({ scenarios: batched(), alter: (m) => invalid(known(m)) })[0]!.caption).toMatch(/^No valid cell/);
  });

  it("ranks nobody where only one server is valid at an end", () => {
    const alter: FixtureOptions["alter"] = (m) =>
      m.scenario.batchMs === 0 && m.trial.server !== "websocket-ws" ? invalid(known(m)) : known(m);
    const [{ caption } = { caption: "" }] = frontiers({ scenarios: batched(), alter });
    expect(caption).toMatch(/^websocket-ws gains most: .+ Of 9 points 7 are valid/);
    expect(caption).not.toContain("delivers most");
  });

  it.each([
    ["three servers", QUICK_SERVERS],
    ["thirteen", ALL_SERVERS],
  ])(
    "draws %s without a remark and without a hole, each named",
    async (_, servers) => {
      const remarks: string[] = [];
      const [drawn] = frontiers({ scenarios: batched(), alter: known, servers });
      const svg = await renderSvg(drawn!.spec, (remark) => remarks.push(remark));
      expect(remarks).toEqual([]);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
      for (const { name } of servers) expect(svg).toContain(`>${name}</text>`);
    },
    30_000,
  );
});

it("the frontier holds what no other point passes in both, soonest first", () => {
  const point = (perCpuSecond: number, p99Ms: number, valid = true) => ({ batchMs: 0, batch: "0", perCpuSecond, p99Ms, valid });
  const [look] = [{ server: "s" }] as never[];
  const lines = [
    { look: look!, points: [point(10, 5), point(20, 15), point(40, 100)] },
    { look: look!, points: [point(12, 5), point(18, 20), point(30, 90), point(99, 1, false)] },
  ];
  expect(frontierOf(lines).map(({ perCpuSecond }) => perCpuSecond)).toEqual([12, 20, 30, 40]);
});
