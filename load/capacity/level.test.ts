import { expect, test } from "vitest";
import type { CapacityQuestion, Varied } from "../capacity-record.ts";
import { connectionsAProcess } from "../machine/headroom.ts";
import { descriptorsPerProcess } from "../machine/limits.ts";
import { makeScenario } from "../suite-file.ts";
import { checkVaried, rangeOf, roundLevel, scenarioAt, stepOf } from "./level.ts";
import { DEFAULT_SLO, parseSlo } from "./slo.ts";

const SERVER = { name: "sse-node", transport: "sse" };

function question(vary: Varied, fields: Record<string, string | number> = {}, changes: Partial<CapacityQuestion> = {}): CapacityQuestion {
  const scenario = makeScenario(SERVER, { name: "base", subscribers: 100, rate: "50/s", duration: "6s", ...fields });
  const bounds = { confirmMs: 24_000, maxMs: 600_000, maxSteps: 40 };
  return { vary, slo: parseSlo(DEFAULT_SLO), scenario, servers: ["sse-node"], ...bounds, ...changes };
}

test.each<readonly [vary: Varied, fields: Record<string, string | number>, expected: object]>([
  ["connections", {}, { subscribers: 400, topics: 1 }],
  ["connections", { pattern: "topics", topics: 10 }, { subscribers: 400, topics: 10 }],
  ["connections", { pattern: "unicast" }, { subscribers: 400, topics: 400 }],
  ["rate", {}, { subscribers: 100, rate: 400 }],
  ["payload", {}, { subscribers: 100, payloadBytes: 400 }],
  ["fanout", {}, { subscribers: 400, topics: 1 }],
  ["fanout", { pattern: "topics", topics: 10 }, { subscribers: 4000, topics: 10 }],
])("400 of %s, with %j", (vary, fields, expected) => {
  const step = { level: 400, confirm: false };
  const scenario = scenarioAt(question(vary, fields), step);
  expect(scenario).toMatchObject({ ...expected, name: `base,${vary}=400`, durationMs: 6000, thresholds: [], steps: 1 });
  expect(stepOf(scenario, vary)).toEqual(step);
});

test("the level that is confirmed has the longer window, and a name of its own", () => {
  const step = { level: 60, confirm: true };
  const scenario = scenarioAt(question("rate"), step);
  expect(scenario).toMatchObject({ name: "base,rate=60,window=24s", durationMs: 24_000, parameters: { rate: 60, window: "24s" } });
  expect(stepOf(scenario, "rate")).toEqual(step);
});

test("servers become more where one could not hold its subscribers, and no fewer than the scenario has", () => {
  const instances = (level: number, fields: Record<string, string | number> = {}): number =>
    scenarioAt(question("connections", fields), { level, confirm: false }).instances;
  const held = connectionsAProcess(descriptorsPerProcess());
  expect([held, held + 1, 3 * held].map((level) => instances(level))).toEqual([1, 2, 3]);
  expect([2, 100].map((level) => instances(level, { instances: 4 }))).toEqual([2, 4]);
});

test("a scenario with phases is no question of one rate", () => {
  const { scenario } = question("rate");
  const phases = [{ name: "calm", durationMs: 1000, startRate: 1, endRate: 1 }];
  expect(() => checkVaried({ ...scenario, phases }, "rate")).toThrow(/scenario "base" has phases/);
});

test("levels are whole, and of rates have three digits", () => {
  expect(roundLevel("connections", 12.7)).toBe(13);
  expect(roundLevel("rate", 12.345)).toBe(12.3);
});

test("the levels go from the least a scenario bears to the most, with the reason", () => {
  expect(rangeOf(question("payload"), "sse", true)).toEqual({ from: 128, min: 64, max: 999_999, maxReason: "no workload may have more" });
  expect(rangeOf(question("payload", { backpressure: "64KiB" }), "sse", true)).toMatchObject({
    max: 65_536,
    maxReason: expect.stringContaining("passes the backpressure bound") as string,
  });
  expect(rangeOf(question("connections", { pattern: "topics", topics: 10 }, { to: 5000 }), "sse", true)).toMatchObject({
    from: 100,
    min: 10,
    max: 5000,
    maxReason: "no more was asked for",
  });
  // What comes between two polls must fit the history.
  expect(rangeOf(question("rate", { pollInterval: "1s" }), "polling", true)).toMatchObject({
    max: 1020,
    maxReason: expect.stringContaining("history keeps 1024") as string,
  });
  expect(rangeOf(question("rate", { pollInterval: "1s" }), "sse", true).max).toBeGreaterThan(100_000);
});

test("more connections than this machine holds are not tried, unless the server is elsewhere", () => {
  const { max, maxReason } = rangeOf(question("connections"), "sse", true);
  expect(max).toBeLessThanOrEqual(1_000_000);
  expect(max < 1_000_000 ? maxReason : "this machine holds no more").toContain("this machine holds no more");
  expect(rangeOf(question("connections"), "sse", false)).toMatchObject({ max: 1_000_000, maxReason: "no workload may have more" });
});

test.each([
  [question("connections", {}, { from: 50, to: 20 }), "connections 50, the level to begin with, is more than 20: no more was asked for"],
  [question("payload", {}, { from: 2_000_000 }), "payload 2000000, the level to begin with: one message of 2000000 B passes"],
  [question("connections", { pattern: "topics", topics: 10 }, { from: 5 }), "10 topics for 5 subscribers"],
])("a level to begin with that cannot work is refused (%#)", (asked, message) => {
  expect(() => rangeOf(asked, "sse", false)).toThrow(message);
});

test("a fan-out is varied only where a message has more than one subscriber", () => {
  expect(() => checkVaried(question("fanout", { pattern: "unicast" }).scenario, "fanout")).toThrow("has pattern unicast");
  expect(() => checkVaried(question("fanout").scenario, "fanout")).not.toThrow();
});
