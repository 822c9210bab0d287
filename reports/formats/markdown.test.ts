import { expect, it } from "vitest";
import { fixtureCapacity } from "../fixture-capacity.ts";
import { BROKE, climbReport } from "../fixture-climb.ts";
import { fixtureReport, fixtureScenario, HOSTILE_NAME, invalid, SPIKE } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { markdownText, printable } from "./escape.ts";
import { formatMarkdown } from "./markdown.ts";

function format(options: FixtureOptions) {
  return formatMarkdown(fixtureReport(options).summary);
}

it("has a table a scenario with as many cells in each row as in its header", () => {
  const text = format({ trials: 3, scenarios: ["one", "two"].map((name) => fixtureScenario({ name })) });
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  expect(rows).toHaveLength(2 * (2 + 3));
  expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([11]));
});

it("has a table of the phases with as many cells in each row as in its header", () => {
  const rows = format({ scenarios: [SPIKE] }).split("\n");
  const header = rows.findIndex((line) => line.startsWith("| phase |"));
  const table = rows.slice(header, header + 2 + 12);
  expect(new Set(table.map((row) => row.split("|").length))).toEqual(new Set([12]));
  expect(table.filter((row) => row.startsWith("| sse-node: "))).toHaveLength(4);
});

it("begins with the brackets of a capacity search, a row a server", () => {
  const { run, summary } = fixtureCapacity();
  const text = formatMarkdown(summary, run.capacity);
  expect(text).toContain("Capacity in connections of broadcast, while delivery\\_latency\\_ms.p99 &lt; 100 and messages\\_lost == 0.");
  const rows = text
    .slice(0, text.indexOf("## "))
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| :"));
  expect(rows.map((row) => row.split(" | ")[0])).toEqual(["| server", "| websocket-ws", "| sse-node", "| polling-node"]);
  expect(rows[1]).toContain("between 200 and 400 connections");
});

it("puts doubts before figures", () => {
  const text = format({ alter: invalid });
  expect(text.indexOf("✗ invalid: **sse-node**")).toBeGreaterThan(0);
  expect(text.indexOf("✗ invalid: **sse-node**")).toBeLessThan(text.indexOf("| server |"));
});

it("keeps a hostile name within its cell and out of HTML", () => {
  const text = format({ servers: [{ name: HOSTILE_NAME, transport: "sse", latencyMs: 1 }] });
  expect(text).not.toContain("<img");
  const row = text.split("\n").find((line) => line.startsWith("| &lt;img"))!;
  expect(row.split(/(?<!\\)\|/)).toHaveLength(11);
});

it.each([
  ["a|b", "a\\|b"],
  ["line\nbreak", "line\\\\x0abreak"],
  ["[x](https://e.example) @who", "\\[x\\](https:&#47;&#47;e.example) &#64;&#8203;who"],
  ["owner/name#12 GH-34 a#b", "owner/name\\#&#8203;12 GH-&#8203;34 a\\#b"],
  ["www.e.example a@ b", "www&#46;e.example a&#64; b"],
  ["`code` *b* _i_", "\\`code\\` \\*b\\* \\_i\\_"],
  ["<b>&amp;", "&lt;b&gt;&amp;amp;"],
])("escapes %j", (text, expected) => {
  expect(markdownText(text)).toBe(expected);
});

it("leaves letters of any script alone", () => {
  expect(printable("größe 测试 ✓")).toBe("größe 测试 ✓");
});

it("has one table for a climb with a row a server and level, and says what ended each", () => {
  const text = formatMarkdown(climbReport().summary);
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  expect(rows.map((row) => row.split(" | ").slice(0, 4).join(" ")).slice(2)).toEqual([
    "| sse-node 500 500 0",
    "| sse-node 2,000 2,000 0",
    "| websocket-uws 500 500 0",
    "| websocket-uws 2,000 2,000 0",
    "| websocket-uws 5,000 5,000 0",
  ]);
  expect(new Set(rows.map((row) => row.split(" | ").length)).size).toBe(1);
  expect(text).toContain(`- **sse-node** stopped before 5,000: ${markdownText(BROKE)}`);
});

it("keeps a hostile name within its cell of a climb's table", () => {
  const servers = [{ name: HOSTILE_NAME, transport: "sse", latencyMs: 1 }];
  const text = formatMarkdown(climbReport({ servers, stopped: { [HOSTILE_NAME]: [5_000, HOSTILE_NAME] } }).summary);
  expect(text).not.toContain("<img");
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
});
