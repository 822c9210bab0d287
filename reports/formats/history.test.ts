import { describe, expect, test } from "vitest";
import type { HistoryPoint } from "../../load/history-record.ts";
import { HOSTILE_NAME } from "../fixture.ts";
import { historyReport } from "../fixture-history.ts";
import type { FixtureHistory } from "../fixture-history.ts";
import { seriesOf } from "../series.ts";
import { trendsOf } from "../trend.ts";
import type { Trend } from "../trend.ts";
import { formatHistory } from "./history.ts";
import { historyDocument } from "./history-json.ts";
import { spark } from "./spark.ts";

const SERVERS = ["polling-node", "sse-node"].map((name) => ({ name, transport: name.split("-")[0]!, latencyMs: 2 }));

function trends(history: FixtureHistory | ((server: string) => FixtureHistory)): Trend[] {
  return seriesOf(historyReport(history, { servers: SERVERS, trials: 2 }).run.history).flatMap(trendsOf);
}

const step = (at: number, by: number) => (i: number) => (i < at ? 1 : by);
const PLAIN = { color: false, width: 120 };

describe("the history in a terminal", () => {
  test("begins with what got worse, the newest first, and has the cell that it happened to first", () => {
    const text = formatHistory(
      trends((server) => ({ count: 24, cpu: server === "sse-node" ? step(16, 1.2) : step(8, 1.5) })),
      PLAIN,
    );
    const lines = text.split("\n");
    expect(lines[0]).toBe("Got worse, newest first");
    expect(lines[1]).toMatch(
      /^ {2}sse-node · broadcast: CPU a delivery \+\d+\.\d % \(\+\d+\.\d to \+\d+\.\d\) at 0000016 → 0000017, 2026-01-17 00:00$/,
    );
    expect(lines[2]).toMatch(/^ {2}polling-node · broadcast: CPU a delivery /);
    expect(lines.filter((line) => line.includes("24 points"))).toEqual([
      "sse-node · broadcast: 24 points, 2026-01-01 to 2026-01-24",
      "polling-node · broadcast: 24 points, 2026-01-01 to 2026-01-24",
    ]);
    expect(text).toMatch(/^ {2}CPU a delivery +[▁▂]{16}[▇█]{8} +[\d.]+ → [\d.]+ µs$/m);
    expect(text).toMatch(/^ {4}✗ worse {3}\+\d+\.\d % \(.*\) at 0000016 → 0000017, /m);
  });

  test("says that nothing got worse, and tells what got better all the same", () => {
    const text = formatHistory(trends({ count: 24, cpu: step(12, 0.7) }), PLAIN);
    expect(text).toMatch(/^Nothing got worse by 3 % and more, as far as 24 points can tell\.\n/);
    expect(text).toMatch(/✓ better {2}−\d\d\.\d % \(−3\d\.\d to −2\d\.\d\) at 0000012 → 0000013/);
  });

  test("says when it is too early to tell anything", () => {
    expect(formatHistory(trends({ count: 2 }), PLAIN)).toMatch(
      /^Too early to tell a change: it takes 6 points of a series, and there are 2\.\n/,
    );
  });

  test("shows where another environment begins a series, and marks what is invalid", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => ({
      ...point,
      valid: i !== 2,
      environment: { ...point.environment, node: i < 6 ? "20" : "22" },
    });
    const text = formatHistory(trends({ count: 12, alter }), PLAIN);
    expect(text).toContain("sse-node · broadcast: 6 points, 2026-01-01 to 2026-01-06, 1 of them invalid (×) and left out\n");
    expect(text).toMatch(/^ {2}CPU a delivery +[▁-█]{2}×[▁-█]{3} /m);
    expect(text).toContain("  a new series, compared with none before it: Node 22, was 20\n");
    expect(text).toContain("  an imagined processor, 2 cores, Node 22, kernel 6.2, pushbench 0.1.0\n");
  });

  test.each([60, 80, 160])("keeps to %d columns", (width) => {
    const text = formatHistory(trends({ count: 90, cpu: step(40, 1.2) }), { color: false, width });
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(width);
  });

  test("prints hostile names as text", () => {
    const alter = (point: HistoryPoint, i: number): HistoryPoint => ({
      ...point,
      server: HOSTILE_NAME,
      scenario: HOSTILE_NAME,
      environment: { ...point.environment, cpu: HOSTILE_NAME, kernel: i < 12 ? HOSTILE_NAME : "6" },
    });
    const text = formatHistory(trends({ count: 24, cpu: step(6, 2), alter }), PLAIN);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain(String.raw`\x1b[31m`);
  });
});

describe("a sparkline", () => {
  test.each([
    ["from the least to the most", [1, 2, 3], "▁▅█"],
    ["noise of a percent stays in the middle", [100, 101, 100], "▄▅▄"],
    ["a constant", [7, 7], "▅▅"],
    ["nothing", [], ""],
  ])("%s", (_, values, expected) => {
    expect(
      spark(
        values.map((value) => ({ value, valid: true })),
        10,
      ),
    ).toBe(expected);
  });

  test("has a cross for what is invalid, which does not stretch it", () => {
    expect(
      spark(
        [1, 99, 3].map((value) => ({ value, valid: value < 50 })),
        10,
      ),
    ).toBe("▁×█");
  });

  test("has the medians of several points each where there is no room for all", () => {
    const values = [1, 1, 9, 5, 5, 5].map((value) => ({ value, valid: true }));
    expect(spark(values, 2)).toBe("▁█");
  });
});

test("the document has every series with its points and changes, in the catalogue's units", () => {
  const document = historyDocument("h.jsonl", ["h.jsonl:3: no line of JSON"], trends({ count: 24, cpu: step(12, 1.5) }));
  expect(document).toMatchObject({ schemaVersion: 1, file: "h.jsonl", problems: ["h.jsonl:3: no line of JSON"] });
  expect(document.series.map(({ server }) => server)).toEqual(["polling-node", "sse-node"]);
  const { server_uss_bytes: memory, server_cpu_us_per_delivery: cpu } = document.series[1]!.metrics;
  expect(memory).toMatchObject({ unit: "B", changes: [] });
  expect(memory!.points).toHaveLength(24);
  expect(cpu!.changes).toMatchObject([
    { index: 12, verdict: "worse", before: "0000012".padEnd(40, "a"), after: "0000013".padEnd(40, "a") },
  ]);
  expect(document.series[1]).not.toHaveProperty("points");
});
