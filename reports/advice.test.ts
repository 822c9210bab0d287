import { describe, expect, test } from "vitest";
import { adviceOf, adviceText } from "./advice.ts";
import { spread } from "./statistics.ts";
import type { Cell } from "./summary.ts";

const PARAMETERS = { subscribers: 1000, rate: 50, payloadBytes: 128, topics: 1 };

/** A cell with these medians of p99, CPU, memory a connection and bytes. */
function cell(server: string, [p99, cpu, memory, bytes]: readonly number[], change: Partial<Cell> = {}): Cell {
  const metrics = Object.entries({
    "delivery_latency_ms.p99": p99,
    server_cpu_us_per_delivery: cpu,
    server_memory_per_connection_bytes: memory,
    bytes_down_per_delivery: bytes,
  }).flatMap(([name, value]) => (value === undefined ? [] : [[name, { unit: "", ...spread([value]), values: [value] }] as const]));
  return {
    server,
    transport: "sse",
    library: { name: "", version: "" },
    scenario: "broadcast",
    parameters: PARAMETERS,
    trials: 1,
    failures: [],
    validity: { valid: true, reasons: [] },
    thresholds: [],
    deliveryLatencySource: {},
    metrics: Object.fromEntries(metrics),
    ...change,
  };
}

const FAST = cell("fast", [2, 10, 10_240, 140]);
const LEAN = cell("lean", [4, 5, 5_120, 140]);
const WORSE = cell("worse", [4, 8, 10_240, 300]);

describe("which to take", () => {
  test("those on the front are named with what they give and what that costs", () => {
    const advice = adviceOf("broadcast", [WORSE, LEAN, FAST])!;
    expect(advice.front).toEqual([
      {
        server: "fast",
        gives: ["p99 2 ms (lowest)", "CPU for 1,000 deliveries 10 ms", "memory a connection 10 KiB", "bytes a delivery 140 B (lowest)"],
        costs: ["2.0 times the CPU of lean", "2.0 times the memory of lean"],
      },
      {
        server: "lean",
        gives: [
          "p99 4 ms",
          "CPU for 1,000 deliveries 5 ms (lowest)",
          "memory a connection 5 KiB (lowest)",
          "bytes a delivery 140 B (lowest)",
        ],
        costs: ["2.0 times the latency of fast"],
      },
    ]);
    expect(advice.dominated).toEqual([
      {
        server: "worse",
        by: "lean",
        how: [
          "CPU for 1,000 deliveries 8 ms against 5 ms",
          "memory a connection 10 KiB against 5 KiB",
          "bytes a delivery 300 B against 140 B",
        ],
      },
    ]);
    expect(adviceText(advice)).toBe(
      "For 1,000 subscribers and 50 messages/s of 128 B the choice is between fast and lean: each is best in something; 1 other is beaten in everything that differs",
    );
  });

  test("one that is lowest in all is to be taken", () => {
    const advice = adviceOf("broadcast", [FAST, cell("slow", [9, 20, 20_480, 200])])!;
    expect(adviceText(advice)).toContain("take fast: no other is better in anything");
    expect(advice.front[0]!.costs).toEqual([]);
  });

  test("a trifle is no difference, nor are intervals that overlap", () => {
    const close = adviceOf("broadcast", [FAST, cell("close", [2.04, 10.2, 10_300, 141])])!;
    expect(close.front.map(({ server }) => server)).toEqual(["fast", "close"]);
    const wide = (server: string, values: readonly number[]): Cell => {
      const plain = cell(server, [2, 10, 10_240, 140]);
      return { ...plain, metrics: { ...plain.metrics, "delivery_latency_ms.p99": { unit: "ms", ...spread(values), values } } };
    };
    const unsure = adviceOf("broadcast", [wide("a", [2, 3, 4]), wide("b", [3.5, 4, 5])])!;
    expect(unsure.dominated).toEqual([]);
    const sure = adviceOf("broadcast", [wide("a", [2, 2.1, 2.2]), wide("b", [3.5, 4, 5])])!;
    expect(sure.dominated.map(({ server }) => server)).toEqual(["b"]);
  });

  test("what cannot be compared is left out, with the reason", () => {
    const invalid = cell("invalid", [1, 1, 1, 1], { validity: { valid: false, reasons: [] } });
    const lossy = cell("lossy", [1, 1, 1, 1]);
    const losing: Cell = { ...lossy, metrics: { ...lossy.metrics, messages_lost: { unit: "", ...spread([0, 7]), values: [0, 7] } } };
    const advice = adviceOf("broadcast", [FAST, LEAN, invalid, losing, cell("mute", [])])!;
    expect(advice.left).toEqual([
      { server: "invalid", reason: "its measurement is invalid" },
      { server: "lossy", reason: "it lost 7 messages" },
      { server: "mute", reason: "it has too few deliveries for a percentile" },
    ]);
    expect(advice.front.map(({ server }) => server)).toEqual(["fast", "lean"]);
  });

  test("a criterion that one of them has no figure for is weighed for none", () => {
    const { metrics, ...rest } = LEAN;
    const { server_memory_per_connection_bytes: _, ...without } = metrics;
    expect(adviceOf("broadcast", [FAST, { ...rest, metrics: without }])!.criteria).toEqual([
      "p99",
      "CPU for 1,000 deliveries",
      "bytes a delivery",
    ]);
  });

  test("of a single server nothing is said", () => {
    expect(adviceOf("broadcast", [FAST])).toBeUndefined();
    expect(adviceOf("broadcast", [FAST, cell("invalid", [1, 1, 1, 1], { validity: { valid: false, reasons: [] } })])).toBeUndefined();
  });
});
