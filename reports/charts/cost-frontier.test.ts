import { describe, expect, it } from "vitest";
import { CLOSED_LOOP } from "../../load/measurement.ts";
import { fixtureReport, invalid } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { scenarioData } from "./chart.ts";
import { costFrontier, costPoints, paretoOf } from "./cost-frontier.ts";

/** p99 in ms and CPU time for a delivery in µs. */
const COST: Readonly<Record<string, readonly [p99: number, cpu: number]>> = {
  "polling-node": [1_000, 40],
  "sse-node": [8, 10],
  "websocket-ws": [4, 20],
};

function data(alter: FixtureOptions["alter"] = (m) => m) {
  const { run, summary } = fixtureReport({
    alter: (m) => {
      const [p99, cpu] = COST[m.trial.server]!;
      return alter({ ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": p99, server_cpu_us_per_delivery: cpu } });
    },
  });
  return scenarioData(run, summary)[0]!;
}

function spoilt(server: string): FixtureOptions["alter"] {
  return (m) => (m.trial.server === server ? invalid(m) : m);
}

describe("the cost of speed", () => {
  it("has on its line those that no other passes in both, the cheapest first", () => {
    expect(paretoOf(costPoints(data())).map(({ look }) => look.server)).toEqual(["sse-node", "websocket-ws"]);
  });

  it("says who is cheapest, who is soonest, and what that takes more", () => {
    expect(costFrontier.draw(data())!.caption).toBe(
      "sse-node is cheapest (10 ms of CPU for 1,000 deliveries, p99 8 ms), websocket-ws soonest, at 2.0 times the CPU (20 ms of CPU for 1,000 deliveries, p99 4 ms).",
    );
  });

  it("leaves an invalid cell out of the line and the finding, and says so", () => {
    const { caption, table } = costFrontier.draw(data(spoilt("websocket-ws")))!;
    expect(caption).toMatch(/^sse-node is the cheapest and the soonest of 2: .* Of 3 cells 2 are valid, and only those are compared\.$/);
    expect(table.rows.find(([server]) => server === "websocket-ws")?.slice(3)).toEqual(["no", "no"]);
  });

  it("compares the latency of a closed loop with none, and is absent of fewer than two servers", () => {
    const reasons = [{ code: CLOSED_LOOP, severity: "warning", message: "asks as soon as it is answered", advice: "none" }] as const;
    const closed: FixtureOptions["alter"] = (m) => (m.trial.server === "polling-node" ? { ...m, validity: { valid: true, reasons } } : m);
    expect(costPoints(data(closed)).map(({ look }) => look.server)).toEqual(["sse-node", "websocket-ws"]);
    const silent: FixtureOptions["alter"] = (m) => (m.trial.server === "sse-node" ? m : { ...m, metrics: {} });
    expect(costFrontier.draw(data(silent))).toBeUndefined();
  });
});
