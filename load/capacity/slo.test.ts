import { expect, test } from "vitest";
import { DEFAULT_SLO, forPoller, latencyLimitMs, parseSlo } from "./slo.ts";

test("limits are joined by and, however it is written", () => {
  const slo = [
    { metric: "delivery_latency_ms.p99", operator: "<", limit: 50 },
    { metric: "messages_lost", operator: "==", limit: 0 },
  ];
  expect(parseSlo("delivery_latency_ms.p99 < 50 and messages_lost == 0")).toEqual(slo);
  expect(parseSlo("delivery_latency_ms.p99<50  AND  messages_lost==0")).toEqual(slo);
  expect(parseSlo(DEFAULT_SLO)).toHaveLength(3);
});

test.each([
  ["", "--slo: cannot read threshold"],
  ["delivery_latency_ms < 50", 'did you mean "delivery_latency_ms.p99"?'],
  ["delivery_latency_ms.p99 < fast", '"fast" is no number: expected a bare number, which is in ms'],
  ["messages_lost == 0 and messages_lost > 3", '"messages_lost > 3" and what stands before it cannot both hold'],
])("%j is refused, with what is wrong", (text, message) => {
  expect(() => parseSlo(text)).toThrow(message);
});

test("all that is wrong is said at once", () => {
  expect(() => parseSlo("lost == 0 and messages_late = 0")).toThrow(/unknown metric "lost".*\n--slo: unknown operator "="/);
});

test("a poller's limits of latency are higher by its interval, and nothing else is", () => {
  const slo = parseSlo(
    "delivery_latency_ms.p99 < 50 and population_latency_ms.p50 <= 20 and connect_latency_ms.p99 < 9 and messages_lost < 1",
  );
  expect(forPoller(slo, 1000).map(({ limit }) => limit)).toEqual([1050, 1020, 9, 1]);
  expect(latencyLimitMs(slo)).toBe(20);
  expect(latencyLimitMs(parseSlo("messages_lost == 0 and delivery_latency_ms.p50 > 3"))).toBeUndefined();
});
