import { describe, expect, it } from "vitest";
import { fixtureRun } from "./fixture.ts";
import { judgeThresholds, thresholdText } from "./threshold.ts";
import type { Threshold } from "../load/suite.ts";

const [template] = fixtureRun().measurements;

const PHASE = {
  startRate: 1,
  endRate: 1,
  fromSecond: 0,
  toSecond: 1,
  deliveryLatencySource: {},
  histograms: {},
  steadiness: { verdict: "too-short", seconds: 0 },
} as const;

function trials(...metrics: Record<string, number>[]) {
  return metrics.map((own) => ({ ...template!, metrics: own }));
}

function verdict(threshold: Partial<Threshold>, complete: ReturnType<typeof trials>, valid = true) {
  const full: Threshold = { metric: "messages_lost", operator: "==", limit: 0, level: "error", ...threshold };
  return judgeThresholds([full], "sse-node", complete, valid)[0]?.verdict;
}

describe("judgeThresholds", () => {
  it.each<[Threshold["operator"], number, number, string]>([
    ["<", 5, 5, "fail"],
    ["<=", 5, 5, "pass"],
    [">", 5, 5, "fail"],
    [">=", 5, 5, "pass"],
    ["==", 5, 5, "pass"],
    ["!=", 5, 5, "fail"],
    ["<", 4.9, 5, "pass"],
    ["!=", 4, 5, "pass"],
  ])("judges value %s limit", (operator, value, limit, expected) => {
    expect(verdict({ metric: "delivery_rate", operator, limit }, trials({ delivery_rate: value }))).toBe(expected);
  });

  it("fails when one trial of three breaks it, though the median holds", () => {
    expect(verdict({}, trials({ messages_lost: 0 }, { messages_lost: 0 }, { messages_lost: 5 }))).toBe("fail");
  });

  it("judges the figure of a phase where it names one, and has no data where there is no such phase", () => {
    const phases = (...p50: number[]) =>
      trials({ "delivery_latency_ms.p50": 1 }).map((measurement) => ({
        ...measurement,
        phases: p50.map((ms, i) => ({ ...PHASE, name: `p${i}`, metrics: { "delivery_latency_ms.p50": ms } })),
      }));
    const limit = { metric: "delivery_latency_ms.p50", operator: "<", limit: 5 } as const;
    expect(verdict({ ...limit, phase: "p1" }, phases(1, 9))).toBe("fail");
    expect(verdict({ ...limit, phase: "p0" }, phases(1, 9))).toBe("pass");
    expect(verdict(limit, phases(9, 9))).toBe("pass");
    expect(verdict({ ...limit, phase: "p2" }, phases(1, 9))).toBe("no-data");
    expect(thresholdText({ ...limit, phase: "p1" })).toBe("delivery_latency_ms.p50 < 5 in p1");
  });

  it("has no pass without data: no trial, or a trial that lacks the metric", () => {
    expect(verdict({}, [])).toBe("no-data");
    expect(verdict({}, trials({ messages_lost: 0 }, {}))).toBe("no-data");
    expect(verdict({}, trials({ messages_lost: Number.NaN }))).toBe("no-data");
  });

  it("passes nothing on an invalid cell", () => {
    const latency = { metric: "delivery_latency_ms.p99", operator: "<", limit: 10 } as const;
    expect(verdict(latency, trials({ "delivery_latency_ms.p99": 5 }), false)).toBe("invalid");
    expect(verdict(latency, trials({ "delivery_latency_ms.p99": 15 }), false)).toBe("invalid");
    expect(verdict({}, trials({ messages_lost: 0 }), false)).toBe("invalid");
  });

  it("fails a broken count on an invalid cell as well", () => {
    expect(verdict({}, trials({ messages_lost: 3 }), false)).toBe("fail");
    expect(verdict({ metric: "errors.reset" }, trials({ "errors.reset": 1 }), false)).toBe("fail");
  });

  it("takes a kind of error that never occurred for none", () => {
    expect(verdict({ metric: "errors.timeout" }, trials({}))).toBe("pass");
    expect(verdict({ metric: "errors.timeout" }, trials({ "errors.timeout": 1 }))).toBe("fail");
  });

  it("leaves out a threshold that is off", () => {
    expect(verdict({ level: "off" }, trials({ messages_lost: 3 }))).toBeUndefined();
  });

  it("leaves out a threshold for other servers", () => {
    expect(verdict({ servers: ["websocket-ws"] }, trials({ messages_lost: 3 }))).toBeUndefined();
  });
});
