import { describe, expect, it } from "vitest";
import { fixtureGate, hostileGate } from "../fixture-gate.ts";
import { judgeGate } from "../gate.ts";
import type { GateReport } from "../gate-report.ts";
import { COMMENT_LIMIT, COMMENT_MARKER, formatGateMarkdown } from "./gate-markdown.ts";

const TODAY = "2026-03-01";
const CPU = { server_cpu_us_per_delivery: 1.12 };

const rowsOf = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("| "));

it("begins with the line that finds it again, then the answer", () => {
  const lines = formatGateMarkdown(judgeGate(fixtureGate({ change: CPU, confirmation: true }), [], TODAY)).split("\n");
  expect(lines[0]).toBe(COMMENT_MARKER);
  expect(lines[2]).toBe("## ✗ fail: pushbench gate of quick");
  expect(lines[4]).toMatch(
    /^got worse: the working tree \(9f3b2a1c0d\+dirty\) against main \(01cc79e2ab\), of 13 checks 1 failed, 12 passed\.$/,
  );
});

it("names what has not passed, and folds all figures away", () => {
  const text = formatGateMarkdown(judgeGate(fixtureGate({ change: CPU, confirmation: true }), [], TODAY));
  expect(text).toMatch(/^- ✗ fail: \*\*sse-node\*\*, broadcast, server\\_cpu\\_us\\_per\\_delivery: \+1/m);
  expect(text).toContain("<details><summary>13 checks: 1 fail, 12 pass</summary>");
  const rows = rowsOf(text);
  expect(rows).toHaveLength(2 + 13);
  expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([9]));
  expect(text).toContain("surely worse by more than 3 % (latencies 25 %)");
});

describe("a hostile name", () => {
  const text = formatGateMarkdown(judgeGate(hostileGate(), [], TODAY));

  it("stays in its cell and its line", () => {
    const rows = rowsOf(text);
    expect(rows.length).toBeGreaterThan(10);
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([9]));
  });

  it("is no HTML, no link, no code, no mention, no issue", () => {
    const own = text.replace(COMMENT_MARKER, "").replaceAll(/<\/?(details|summary)>/g, "");
    expect(own).not.toMatch(/</);
    expect(own).not.toMatch(/(?<!\\)\[|(?<!\\)`|:\/\/|@\w|(?<!&)#\d/);
    // oxlint-disable-next-line no-control-regex
    expect(own).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe("what does not fit into a comment", () => {
  const servers = Array.from({ length: 400 }, (_, at) => `server-${at}`);
  const report = judgeGate(fixtureGate({ servers, question: { rounds: 2 }, change: CPU }), [], TODAY);

  it("is left out, the best first, and counted", () => {
    const text = formatGateMarkdown(report);
    expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(text.length).toBeGreaterThan(COMMENT_LIMIT * 0.9);
    expect(text).toMatch(/[\d,]+ lines left out, for a comment holds no more/);
  });

  it("is so whatever the names and remarks are", () => {
    const long = "@<#[*".repeat(5_000);
    const hostile: GateReport = {
      ...report,
      suite: long,
      compared: { base: long, head: long },
      remarks: Array.from({ length: 200 }, () => ({ text: long })),
      checks: report.checks.map((check) => ({ ...check, server: long, finding: long })),
    };
    expect(formatGateMarkdown(hostile).length).toBeLessThanOrEqual(COMMENT_LIMIT);
    expect(formatGateMarkdown(hostile)).toContain("remarks more");
  });
});
