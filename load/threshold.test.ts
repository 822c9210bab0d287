import { describe, expect, it } from "vitest";
import { formatThreshold, isSatisfiable, parseCheck } from "./threshold.ts";
import type { Check } from "./threshold.ts";

describe("parseCheck", () => {
  it.each([
    ["delivery_latency_ms.p99 < 250", { metric: "delivery_latency_ms.p99", operator: "<", limit: 250 }],
    ["messages_lost==0", { metric: "messages_lost", operator: "==", limit: 0 }],
    [" delivery_rate  >=  1e3 ", { metric: "delivery_rate", operator: ">=", limit: 1000 }],
    ["errors.connect != 0.5", { metric: "errors.connect", operator: "!=", limit: 0.5 }],
  ])("reads %j", (text, expected) => {
    expect(parseCheck(text)).toEqual(expected);
  });

  it.each([
    ["delivery_latency.p99 < 250", 0, 'unknown metric "delivery_latency.p99"', "delivery_latency_ms.p99"],
    ["delivery_latency_ms < 250", 0, 'unknown metric "delivery_latency_ms"', "delivery_latency_ms.p99"],
    ["message_lost == 0", 0, 'unknown metric "message_lost"', "messages_lost"],
    ["lost == 0", 0, 'unknown metric "lost"', "messages_lost"],
    ["latency < 5", 0, 'unknown metric "latency"', "delivery_latency_ms.p99"],
    ["elephants < 5", 0, 'unknown metric "elephants"', undefined],
    ["messages_lost = 0", 14, 'unknown operator "="', undefined],
    ["delivery_latency_ms.p99 < 250ms", 26, '"250ms" is no number', undefined],
    ["messages_lost", 0, 'cannot read threshold "messages_lost"', undefined],
    ["", 0, 'cannot read threshold ""', undefined],
  ])("says what is wrong with %j, and where", (text, offset, message, suggestion) => {
    const problem = parseCheck(text);
    expect(problem).toMatchObject({ offset, message });
    expect("suggestion" in problem ? problem.suggestion : undefined).toBe(suggestion);
  });

  it("names the metric's unit where a limit has one", () => {
    expect(parseCheck("delivery_latency_ms.p99 < 250ms")).toMatchObject({
      expected: "a bare number, which is in ms for delivery_latency_ms.p99",
    });
  });

  it("reads what formatThreshold writes", () => {
    const check: Check = { metric: "server_elu", operator: "<=", limit: 0.85 };
    expect(parseCheck(formatThreshold(check))).toEqual(check);
  });
});

describe("isSatisfiable", () => {
  const checks = (...pairs: [Check["operator"], number][]): Check[] =>
    pairs.map(([operator, limit]) => ({ metric: "server_threads", operator, limit }));

  it.each([
    [checks(["<", 100], [">", 200]), false],
    [checks(["<", 200], [">", 100]), true],
    [checks(["<=", 5], [">=", 5]), true],
    [checks(["<=", 5], [">=", 5], ["!=", 5]), false],
    [checks(["==", 1], ["==", 2]), false],
    [checks(["<", 1], ["!=", 0]), true],
    [checks([">", 1], ["!=", 2]), true],
  ])("case %#", (given, expected) => {
    expect(isSatisfiable(given)).toBe(expected);
  });
});
