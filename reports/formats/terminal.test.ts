import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { BROKE, climbReport } from "../fixture-climb.ts";
import type { ClimbOptions } from "../fixture-climb.ts";
import { failed, fixtureReport, fixtureRun, fixtureScenario, HOSTILE_NAME, invalid, only, QUICK_SERVERS, SPIKE } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import { summarize } from "../summary.ts";
import { printableDocument } from "./escape.ts";
import { formatTerminal } from "./terminal.ts";

function format(options: FixtureOptions, width = 160, color = false) {
  return formatTerminal(fixtureReport(options).summary, { color, width });
}

describe("formatTerminal", () => {
  it("tells what is invalid, why, and what to change, before any figure", () => {
    const text = format({ alter: only("sse-node", invalid) });
    expect(text.split("\n")[0]).toBe("✗ invalid  sse-node · broadcast: event-loop utilisation of the probes 0.71, limit 0.5");
    expect(text).toContain("lower the rate, or give the generator more cores");
    expect(text).toMatch(/^sse-node ✗ /m);
  });

  it("has a row a server, with units in the header and numbers right-aligned", () => {
    const lines = format({}).split("\n");
    const header = lines.findIndex((line) => line.startsWith("server"));
    const rows = lines.slice(header, header + 5);
    expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(["server", "", ...QUICK_SERVERS.map(({ name }) => name)]);
    expect(rows[1]).toMatch(/ms\s+ms\s+1\/s\s+ms\s+MiB/);
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  });

  it("has each server's figures below its name where a table would lose most of them", () => {
    const lines = format({ trials: 3 }, 40).split("\n");
    expect(lines.some((line) => line.startsWith("server"))).toBe(false);
    for (const { name } of QUICK_SERVERS) {
      const at = lines.indexOf(name);
      expect(at).toBeGreaterThan(0);
      const below = lines.slice(
        at + 1,
        lines.findIndex((line, n) => n > at && !line.startsWith(" ")),
      );
      expect(below.join(" ").replaceAll(/ +/g, " ")).toMatch(/^ p50 [\d.]+ ms.*, p99 [\d.]+ ms.*, USS [\d.]+ MiB.*, lost 0$/);
    }
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  });

  it.each([200, 120, 100, 80, 60])("keeps its table within %d columns", (width) => {
    const lines = format({ trials: 3 }, width).split("\n");
    const header = lines.findIndex((line) => line.startsWith("server"));
    expect(header).toBeGreaterThan(0);
    for (const line of lines.slice(header, header + 5)) expect(line.length).toBeLessThanOrEqual(width);
  });

  it.each([80, 40])("wraps remarks, answers and notes at words within %d columns", (width) => {
    const { record, measurements } = fixtureRun({ status: "partial", alter: invalid });
    const text = formatTerminal(summarize({ ...record, plannedTrials: 9 }, measurements), { color: false, width });
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
    const flat = text.replace(/\n +/g, " ");
    expect(flat).toContain("✗ invalid  sse-node · broadcast: event-loop utilisation of the probes 0.71, limit 0.5");
    expect(flat).toContain("lower the rate, or give the generator more cores");
  });

  it("drops intervals before columns, and says when columns are missing", () => {
    expect(format({ trials: 3 }, 200)).toMatch(/\[\d/);
    expect(format({ trials: 3 }, 100)).not.toMatch(/\[\d/);
    expect(format({ trials: 3 }, 100)).toContain("lost");
    expect(format({ trials: 3 }, 50)).toMatch(/\d columns more in summary\.md/);
  });

  it("colours only when told, and says the same either way", () => {
    const options = { alter: invalid };
    expect(format(options)).not.toContain("\u001b");
    expect(format(options, 160, true)).toContain("\u001b[");
    expect(stripVTControlCharacters(format(options, 160, true))).toBe(format(options));
  });

  it("shows control characters of a name instead of obeying them", () => {
    const text = format({ servers: [{ name: HOSTILE_NAME, transport: "sse", latencyMs: 1 }], alter: invalid });
    expect(printableDocument(text)).toBe(text);
    expect(text).toContain("\\x1b[31m");
  });

  it("has a line a phase of each server, and of each what it recovered from", () => {
    const text = format({ scenarios: [SPIKE], servers: QUICK_SERVERS.slice(1) });
    const lines = text.split("\n");
    const header = lines.findIndex((line) => line.startsWith("phases"));
    expect(lines[header]).toMatch(/^phases +rate +publ\. +p50 +p99 +delivered +lost +backlog +CPU\/1,000 +USS$/);
    const rows = lines.slice(header + 2, header + 2 + 8).map((line) =>
      line
        .trim()
        .split(/\s+/)
        .slice(0, line.startsWith(" ") ? 2 : 3),
    );
    expect(rows).toEqual([
      ["sse-node", "calm", "20"],
      ["ramp", "20–80"],
      ["spike", "120"],
      ["after", "20"],
      ["websocket-ws", "calm", "20"],
      ["ramp", "20–80"],
      ["spike", "120"],
      ["after", "20"],
    ]);
    expect(text).toContain("After spike the p99 was within 10 % of that of calm again within a second on sse-node and websocket-ws.");
    expect(format({})).not.toContain("phases");
  });

  it("names the phase of a threshold that failed in it", () => {
    const thresholds = [{ metric: "delivery_backlog", operator: "<", limit: 100, level: "error", phase: "spike" }] as const;
    expect(format({ scenarios: [{ ...SPIKE, thresholds }] })).toContain("sse-node: delivery_backlog < 100 in spike (120)");
  });

  it.each([120, 100, 80])("keeps its phases within %d columns", (width) => {
    for (const line of format({ scenarios: [SPIKE] }, width).split("\n")) expect(line.length).toBeLessThanOrEqual(width);
  });

  it("names every threshold that failed with what was seen, and counts those that held", () => {
    const thresholds = [
      { metric: "messages_lost", operator: "==", limit: 0, level: "error" },
      { metric: "delivery_latency_ms.p99", operator: "<", limit: 100, level: "error" },
      { metric: "server_fds_leaked", operator: "==", limit: 0, level: "error" },
    ] as const;
    const text = format({ scenarios: [fixtureScenario({ thresholds })] });
    expect(text).toMatch(/✓ pass {5}\d+ thresholds/);
    expect(text).not.toContain("messages_lost == 0");
    expect(text).toMatch(/✗ fail {5}polling-node: delivery_latency_ms\.p99 < 100 \(99\d\)/);
    expect(text).toContain("✗ no data  sse-node: server_fds_leaked == 0");
  });

  it("says of an invalid cell that its thresholds were not judged", () => {
    const thresholds = [{ metric: "messages_lost", operator: "==", limit: 0, level: "error" }] as const;
    const text = format({ scenarios: [fixtureScenario({ thresholds })], alter: invalid });
    expect(text).toContain("~ invalid  sse-node: 1 threshold not judged");
  });

  it("formats a run in which nothing completed", () => {
    const text = format({ status: "failed", alter: (m) => failed(m) });
    expect(text).toContain("This run is failed");
    expect(text).toContain("No valid cell");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("formats a run without a single trial", () => {
    const { record } = fixtureRun({ status: "partial" });
    expect(formatTerminal(summarize(record, []), { color: false, width: 80 })).toContain("0 of 3 trials completed");
  });
});

describe("formatTerminal of a climb", () => {
  const climb = (options: ClimbOptions = {}, width = 100, color = false) => formatTerminal(climbReport(options).summary, { color, width });

  it("has one table with a row a server and level, the name once, and what ended a server below it", () => {
    const lines = climb().split("\n");
    const header = lines.findIndex((line) => line.startsWith("server"));
    expect(lines[header]).toMatch(/^server +connections +held +p99 +CPU +mem\/conn$/);
    const rows = lines.slice(header + 2, header + 9);
    expect(rows.map((row) => row.slice(0, 30).trim().replace(/ +/, " "))).toEqual([
      "sse-node 500",
      "2,000",
      "stopped before 5,000: it bro",
      "connections_lost == 0 was",
      "websocket-uws 500",
      "2,000",
      "5,000",
    ]);
    expect(lines.filter((line) => line.startsWith("server"))).toHaveLength(1);
    expect(climb().replace(/\n +/g, " ")).toContain(`stopped before 5,000: ${BROKE}`);
  });

  it("says who held the most, and lists no trial that was not made by itself", () => {
    const text = climb({}, 300);
    expect(text).toContain("broadcast: websocket-uws held 5,000 connections without a loss");
    expect(text).toContain("! 1 trial with more subscribers was not run");
    expect(text).not.toContain("broadcast,subscribers=");
  });

  it("marks a p99 that is of all subscribers, and explains the mark", () => {
    const alter: ClimbOptions["alter"] = (m) => ({
      ...m,
      metrics: { ...m.metrics, "delivery_latency_ms.p99": 7 },
      deliveryLatencySource: { p99: m.scenario.subscribers === 500 ? "population" : "probes" },
    });
    const text = climb({ alter });
    expect(text).toMatch(/ 500 +500 +7\* /);
    expect(text).toMatch(/ 2,000 +2,000 +7 {3}/);
    expect(text).toContain("* of all subscribers");
    expect(climb()).not.toContain("* of all subscribers");
  });

  it("says what was remarked on many levels once", () => {
    const text = climb({ alter: only("websocket-uws", invalid) }, 200);
    expect(text.match(/✗ invalid {2}websocket-uws · broadcast/g)).toHaveLength(1);
    expect(text).toContain("limit 0.5 (at 500 subscribers; likewise at 2,000 and 5,000)");
    expect(text).toMatch(/ 5,000 ✗ /);
  });

  it("names the level of a threshold that failed", () => {
    const thresholds = [{ metric: "connections_lost", operator: "==", limit: 0, level: "error" }] as const;
    const alter: ClimbOptions["alter"] = (m) => ({
      ...m,
      scenario: { ...m.scenario, thresholds },
      metrics: { ...m.metrics, connections_lost: m.scenario.subscribers === 2_000 ? 3 : 0 },
    });
    expect(climb({ alter })).toContain("✗ fail     sse-node at 2,000: connections_lost == 0 (3)");
  });

  it.each([160, 80, 60, 40])("keeps within %d columns, and dims or colours nothing it does not also say", (width) => {
    const alter = only("sse-node", invalid);
    for (const line of climb({ alter }, width).split("\n")) expect(line.length).toBeLessThanOrEqual(width);
    expect(stripVTControlCharacters(climb({ alter }, width, true))).toBe(climb({ alter }, width));
  });

  it("shows a server of which no trial was made, and control characters of names as text", () => {
    expect(climb({ stopped: { "sse-node": [500, "it does not fit"] } })).toMatch(/^sse-node\n {2}stopped before 500: it does not fit$/m);
    const text = climb({
      servers: [{ name: HOSTILE_NAME, transport: "sse", latencyMs: 1 }],
      stopped: { [HOSTILE_NAME]: [5_000, HOSTILE_NAME] },
    });
    expect(printableDocument(text)).toBe(text);
  });
});
