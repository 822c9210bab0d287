import { expect, it } from "vitest";
import { fixtureGate, hostileGate } from "../fixture-gate.ts";
import { judgeGate } from "../gate.ts";
import { formatGateCsv } from "./gate-csv.ts";

/** RFC 4180, strictly: whatever is not of its grammar throws. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length;) {
    const [field = ""] = /^(?:"(?:[^"]|"")*"|[^",\r\n]*)/.exec(text.slice(at)) ?? [];
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    at += field.length;
    if (text.startsWith(",", at)) at += 1;
    else if (text.startsWith("\r\n", at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else throw new Error(`no separator at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
  }
  return rows;
}

it("has a line a check under its header, changes as shares", () => {
  const report = judgeGate(fixtureGate({ change: { server_cpu_us_per_delivery: 1.12 }, confirmation: true }), [], "2026-03-01");
  const [header, ...rows] = parse(formatGateCsv(report));
  expect(rows).toHaveLength(report.checks.length);
  expect(rows.every((row) => row.length === header!.length)).toBe(true);
  const cpu = Object.fromEntries(header!.map((name, at) => [name, rows[0]![at]!]));
  expect(cpu).toMatchObject({
    server: "sse-node",
    metric: "server_cpu_us_per_delivery",
    verdict: "fail",
    kind: "ratio",
    rounds: "12",
    delta: "0.03",
  });
  expect(Number(cpu["change"])).toBeGreaterThan(0.09);
  expect(Number(cpu["change_low"])).toBeLessThan(Number(cpu["change"]));
  const lost = rows.find((row) => row[2] === "messages_lost")!;
  expect(lost.slice(4, 9)).toEqual(["pass", "count", "0", "0", ""]);
});

it("holds no formula, and no name leaves its field", () => {
  const rows = parse(formatGateCsv(judgeGate(hostileGate(), [], "2026-03-01")));
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  const texts = rows
    .slice(1)
    .flat()
    .filter((field) => Number.isNaN(Number(field)));
  for (const text of texts) expect(text).not.toMatch(/^\s*[=+\-@|%]/);
  expect(rows[1]![0]).toMatch(/^'=1\+1\|/);
});
