/** A comparison in the terminal and in Markdown: the same things are said in both. */
import { describe, expect, it } from "vitest";
import { fixtureComparison, having, scaled } from "../fixture-comparison.ts";
import { fixtureScenario, HOSTILE_NAME, invalid, only } from "../fixture.ts";
import type { FixtureOptions } from "../fixture.ts";
import type { Comparison } from "../comparison.ts";
import { formatComparisonMarkdown } from "./comparison-markdown.ts";
import { formatComparison } from "./comparison-terminal.ts";

const alter: FixtureOptions["alter"] = (m) =>
  only(
    "sse-node",
    scaled({ server_cpu_us_per_delivery: 1.5, server_uss_bytes: 3 }),
  )(only("websocket-ws", having({ messages_lost: 40 }))(m));
const { comparison } = fixtureComparison({ head: { alter } });

function terminal(of: Comparison, width = 160, all = false): string {
  return formatComparison(of, { color: false, width, all });
}

const FORMATS = [
  ["the terminal", (of: Comparison, all = false) => terminal(of, 160, all)],
  // What is escaped does not matter to what is said.
  ["Markdown", (of: Comparison, all = false) => formatComparisonMarkdown(of, all).replaceAll("\\", "")],
] as const;

describe.each(FORMATS)("a comparison in %s", (_, format) => {
  it("begins with what it comes to, by name", () => {
    expect(format(comparison)).toMatch(
      /3 worse, 0 better, \d+ the same, \d+ unsure \(~\), of 118 comparisons\. Worse: websocket-ws messages_lost from 0 to 240; sse-node server_cpu_us_per_delivery \+4\d %/,
    );
  });

  it("has the planted changes with their intervals, and of unsure ones the trials that would tell", () => {
    const text = format(comparison);
    expect(text).toMatch(/sse-node[ |]+1\d\.\d[ |]+1\d\.\d[ |]+\+4\d %[ |]+\+\d+ % to \+\d+ %[ |]+▲ worse/);
    expect(text).toMatch(/websocket-ws[ |]+[\d.]+[ |]+[\d.]+[ |]+\S+ %[ |]+\S+ % to \S+ %[ |]+~[ |]+[\d,]+/);
    expect(text).toMatch(/websocket-ws[ |]+0[ |]+240[ |]+from none[ |]+▲ worse/);
  });

  it("shows the headline metrics and whatever is worse or better, or all of them", () => {
    const [some, all] = [format(comparison), format(comparison, true)];
    expect(some).toContain("server_uss_bytes, B");
    expect(some).not.toContain("server_pss_bytes");
    expect(some).toMatch(/\d+ comparisons of further metrics, none better or worse/);
    expect(all).toContain("server_pss_bytes, B");
    expect(all).not.toContain("comparisons of further metrics");
    expect(some).toContain("messages_duplicated: 0 in both runs, in 3 cells");
  });

  it("says how verdicts are found, and always that the machine drifts", () => {
    const text = format(comparison).replaceAll(/\s+/g, " ");
    expect(text).toContain("by Holm's method at 5 % over the 17 tests of the headline metrics");
    expect(text).toContain("lower is better; no change: −2.9 % to +3.0 %");
    for (const of of [comparison, fixtureComparison({ head: { servers: [] } }).comparison]) {
      expect(format(of).replaceAll(/\s+/g, " ")).toContain("they differ by the machine's drift as well, which no interval here contains");
    }
  });

  it("says what forbids to compare before anything else", () => {
    const { comparison: of } = fixtureComparison({
      shared: { trials: 1 },
      base: { scenarios: [fixtureScenario(), fixtureScenario({ name: "gone" })] },
      head: { alter: only("sse-node", invalid), scenarios: [fixtureScenario(), fixtureScenario({ name: "other", rate: 5 })] },
    });
    const moved = { ...of, differences: { ...of.differences, environment: ["cores 2 in base, 4 in head"] } };
    const text = format(moved);
    for (const said of [
      "Not measured in the same place: cores 2 in base, 4 in head.",
      "Only in base: polling-node · gone, sse-node · gone and websocket-ws · gone.",
      "Only in head: polling-node · other",
      "sse-node · broadcast is invalid in head: event-loop utilisation of the probes 0.71, limit 0.5.",
    ]) {
      expect(text.indexOf(said), said).toBeGreaterThan(0);
      expect(text.indexOf(said), said).toBeLessThan(text.indexOf(" unsure (~)"));
    }
    expect(text).toContain("one trial in base and head: no interval");
  });

  it("names what differs of a workload that it refuses", () => {
    const { comparison: of } = fixtureComparison({ shared: { trials: 1 }, head: { scenarios: [fixtureScenario({ rate: 50 })] } });
    expect(format(of).replaceAll(/\s+/g, " ")).toContain(
      "polling-node · broadcast, sse-node · broadcast and websocket-ws · broadcast are not compared, for their workload differs: rate 20 in base, 50 in head.",
    );
    expect(format(of)).toContain("No cell can be compared.");
  });
});

describe("a hostile name", () => {
  const shared = {
    trials: 2,
    servers: [{ name: HOSTILE_NAME, transport: HOSTILE_NAME, latencyMs: 2 }],
    scenarios: [HOSTILE_NAME, "=cmd()"].map((name) => fixtureScenario({ name, parameters: { [HOSTILE_NAME]: HOSTILE_NAME } })),
  };
  const hostile = fixtureComparison({
    shared,
    head: { alter: (m) => invalid({ ...m, metrics: { ...m.metrics, [`errors.${HOSTILE_NAME}`]: 50 } }) },
  }).comparison;
  const refused = fixtureComparison({
    shared,
    head: { scenarios: shared.scenarios.map((scenario) => ({ ...scenario, parameters: { [HOSTILE_NAME]: "|\n" } })) },
  }).comparison;
  const named = { ...hostile, base: { ...hostile.base, directory: HOSTILE_NAME, git: HOSTILE_NAME, suite: HOSTILE_NAME } };

  it("lets nothing reach the terminal but text", () => {
    for (const of of [named, refused]) {
      // oxlint-disable-next-line no-control-regex
      expect(terminal(of, 100, true)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
    expect(terminal(named, 100, true)).toContain("errors.<img");
  });

  it("stays within its cell of a Markdown table, and out of HTML", () => {
    for (const of of [named, refused]) {
      const text = formatComparisonMarkdown(of, true);
      expect(text).not.toContain("<img");
      const rows = text.split("\n").filter((line) => line.startsWith("| "));
      if (of === named) expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(10);
    }
  });
});

it.each([60, 80, 100, 120])("keeps to %d columns, and says where columns or reasons had no room", (width) => {
  const spoilt = fixtureComparison({ head: { alter: (m) => only("polling-node", invalid)(alter(m)) } }).comparison;
  const text = terminal(spoilt, width);
  for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(width);
  expect(text).toMatch(/▲ worse/);
  expect(text.replaceAll(/\s+/g, " ")).toContain("the cell is invalid in head");
  if (width === 60) expect(text.replaceAll(/\s+/g, " ")).toContain("Columns were left out for want of room");
});
