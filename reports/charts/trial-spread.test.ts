import { describe, expect, it } from "vitest";
import { fixtureReport, invalid } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { scenarioData } from "./chart.ts";
import { trialSpread } from "./trial-spread.ts";

/** The p99 of each trial, by server. */
const P99: Readonly<Record<string, readonly number[]>> = {
  "polling-node": [900, 990, 945],
  "sse-node": [4, 12, 6],
  "websocket-ws": [5, 5.9, 5.2],
};

function drawn(options: FixtureOptions = {}) {
  const { alter = (m) => m, ...rest } = options;
  const { run, summary } = fixtureReport({
    trials: 3,
    ...rest,
    alter: (m) => alter({ ...m, metrics: { ...m.metrics, "delivery_latency_ms.p99": P99[m.trial.server]![m.trial.repetition - 1]! } }),
  });
  return trialSpread.draw(scenarioData(run, summary)[0]!);
}

describe("the spread of trials", () => {
  it("names the cell whose trials differ most, and the one whose differ least", () => {
    expect(drawn()!.caption).toBe(
      "The trials of sse-node differ most: p99 from 4 to 12 ms, a factor of 3.0, those of polling-node least, by 1.1.",
    );
  });

  it("compares valid cells only", () => {
    const alter: FixtureOptions["alter"] = (m) => (m.trial.server === "sse-node" ? invalid(m) : m);
    expect(drawn({ alter })!.caption).not.toContain("sse-node");
  });

  it("has every trial in its table, p50 and p99", () => {
    const { table } = drawn()!;
    expect(table.header).toEqual(["server", "percentile", "trial 1 ms", "trial 2 ms", "trial 3 ms", "largest / smallest"]);
    expect(table.rows.find(([server, measure]) => server === "sse-node" && measure === "p99")).toEqual(["sse-node", "p99", 4, 12, 6, 3]);
    expect(table.rows).toHaveLength(6);
  });

  it("speaks of the p50 where no cell has a p99, and is absent with one trial", () => {
    const alter: FixtureOptions["alter"] = (m) => ({ ...m, metrics: { "delivery_latency_ms.p50": m.trial.repetition } });
    expect(drawn({ alter })!.caption).toMatch(/: p50 from /);
    expect(drawn({ trials: 1 })).toBeUndefined();
  });
});
