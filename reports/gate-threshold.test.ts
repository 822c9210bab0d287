import { describe, expect, it } from "vitest";
import type { Threshold } from "../load/suite.ts";
import { failed, fixtureReport, fixtureScenario, invalid, only } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import { judgeSavedThresholds } from "./gate-threshold.ts";

const LOST: Threshold = { metric: "messages_lost", operator: "==", limit: 0, level: "error" };
const SLOW: Threshold = { metric: "delivery_latency_ms.p99", operator: "<", limit: 0.001, level: "error" };

function judge(thresholds: readonly Threshold[], options: FixtureOptions = {}) {
  return judgeSavedThresholds(fixtureReport({ scenarios: [fixtureScenario({ thresholds })], ...options }).summary);
}

describe("thresholds of a saved run", () => {
  it("pass where all hold, a check a cell and threshold", () => {
    const report = judge([LOST]);
    expect(report).toMatchObject({ kind: "threshold", verdict: "pass", remarks: [] });
    expect(report.checks.map(({ server, finding }) => [server, finding])).toEqual(
      ["polling-node", "sse-node", "websocket-ws"].map((server) => [server, "messages_lost == 0 holds (0)"]),
    );
  });

  it("fail where one does not hold, with what was seen", () => {
    const report = judge([LOST, SLOW], { trials: 2 });
    expect(report.verdict).toBe("fail");
    expect(report.checks.filter(({ verdict }) => verdict === "fail")).toHaveLength(3);
    expect(report.checks[1]!.finding).toMatch(/^delivery_latency_ms\.p99 < 0\.001 does not hold \([\d.]+, [\d.]+\)$/);
  });

  it("fail without data", () => {
    const report = judge([{ ...LOST, metric: "server_gc_ms" }], { alter: (m) => ({ ...m, metrics: {} }) });
    expect(report.verdict).toBe("fail");
    expect(report.checks[0]!.finding).toBe("server_gc_ms == 0 has no data: no trial has a value");
  });

  it("pass nothing on an invalid measurement, whether it was checked or not", () => {
    const report = judge([{ ...SLOW, limit: 1e9 }], { alter: only("sse-node", invalid) });
    expect(report.verdict).toBe("invalid");
    expect(report.checks.find(({ server }) => server === "sse-node")).toMatchObject({
      verdict: "invalid",
      notes: ["event-loop utilisation of the probes 0.71, limit 0.5"],
    });
    const unchecked = judge([{ ...LOST, servers: ["polling-node"] }], { alter: only("sse-node", invalid) });
    expect(unchecked.verdict).toBe("invalid");
    expect(unchecked.remarks[0]!.text).toContain("sse-node · broadcast is invalid: event-loop utilisation");
  });

  it("fail where every trial of a cell failed", () => {
    expect(judge([LOST], { alter: only("sse-node", failed) }).verdict).toBe("fail");
  });

  it("of level warn are shown, and are no part of the verdict", () => {
    const report = judge([LOST, { ...SLOW, level: "warn" }]);
    expect(report.verdict).toBe("pass");
    expect(report.checks.filter(({ advisory, verdict }) => advisory === true && verdict === "fail")).toHaveLength(3);
  });

  it("are no pass where there are none, or where the run was not made to its end", () => {
    expect(judge([])).toMatchObject({ verdict: "invalid", checks: [] });
    expect(judge([{ ...SLOW, level: "warn", limit: 1e9 }]).verdict).toBe("invalid");
    expect(judge([LOST], { status: "partial" }).verdict).toBe("invalid");
    const { summary } = fixtureReport({ scenarios: [fixtureScenario({ thresholds: [LOST] })] });
    expect(judgeSavedThresholds({ ...summary, trials: { planned: 5, saved: 3 } }).verdict).toBe("invalid");
    const skipped = [{ index: 4, server: "sse-uws", scenario: "broadcast", reason: "it takes too long" }];
    expect(judgeSavedThresholds({ ...summary, trials: { planned: 4, saved: 3 }, skipped }).verdict).toBe("inconclusive");
  });
});
