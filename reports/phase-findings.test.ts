import { expect, test } from "vitest";
import type { WorkloadPhase } from "../load/suite.ts";
import { fixtureReport, fixtureScenario, invalid, only, SPIKE } from "./fixture.ts";
import { phaseFindings } from "./phase-findings.ts";
import { phaseTable } from "./phase-table.ts";
import type { Cell } from "./summary.ts";

const cellsOf = (options: Parameters<typeof fixtureReport>[0]): readonly Cell[] =>
  fixtureReport({ scenarios: [SPIKE], ...options }).summary.cells;

test("a phase has a row on each server, with the rate it was to have and what came of it", () => {
  const table = phaseTable(cellsOf({}))!;
  expect(table.rows.map(({ server, phase, rate }) => [server, phase, rate]).slice(4, 8)).toEqual([
    ["sse-node", "calm", "20"],
    ["sse-node", "ramp", "20–80"],
    ["sse-node", "spike", "120"],
    ["sse-node", "after", "20"],
  ]);
  const column = (short: string): string[] =>
    table.rows.slice(4, 8).map(({ values }) => values[table.columns.findIndex((each) => each.short === short)]!);
  expect(column("publ.")).toEqual(["20", "50", "120", "20"]);
  expect(column("delivered")).toEqual(["12,000", "25,000", "24,000", "14,000"]);
  expect(column("backlog")).toEqual(["0", "120", "120", "0"]);
  expect(phaseTable(cellsOf({ scenarios: [fixtureScenario()] }))).toBeUndefined();
});

/** Servers that recovered as it says, each by trial. */
const recovered = (...seconds: readonly (readonly (number | null)[])[]): Cell[] => {
  const servers = seconds.map((_, i) => ({ name: `server-${i}`, transport: "sse", latencyMs: 2 }));
  return cellsOf({ servers }).map((cell, i) => ({
    ...cell,
    phases: cell.phases!.map((phase) =>
      phase.name === "after" ? { ...phase, recovery: { before: "calm", after: "spike", seconds: seconds[i]! } } : phase,
    ),
  }));
};

test.each<[readonly (readonly (number | null)[])[], string]>([
  [[[3]], "again after 3 s on server-0."],
  [[[0]], "again within a second on server-0."],
  [[[3, null, 5]], "again after 4 s on server-0 (in 2 of 3 trials)."],
  [[[null]], "again not within 7 s on server-0."],
  [
    [[null], [3], [0], [3], [3]],
    "again within a second on server-2, after 3 s on server-1, server-3 and server-4, not within 7 s on server-0.",
  ],
])("who recovered when, the quickest first: %j", (seconds, text) => {
  expect(phaseFindings(recovered(...seconds))).toEqual([`After spike the p99 was within 10 % of that of calm ${text}`]);
});

test("an invalid cell is not spoken of", () => {
  const [text] = phaseFindings(cellsOf({ alter: only("sse-node", invalid) }));
  expect(text).not.toContain("sse-node");
  expect(text).toContain("websocket-ws");
});

test("where all phases have one rate it is said what changed from the first to the last", () => {
  const part = (name: string): WorkloadPhase => ({ name, durationMs: 5000, startRate: 20, endRate: 20 });
  const cells = cellsOf({
    scenarios: [fixtureScenario({ phases: [part("first"), part("last")] })],
    servers: [{ name: "sse-node", transport: "sse", latencyMs: 2 }],
    alter: (measurement) => ({
      ...measurement,
      phases: measurement.phases!.map((phase, i) => ({
        ...phase,
        metrics: { "delivery_latency_ms.p99": i === 0 ? 8 : 10, server_uss_bytes: i === 0 ? 100 : 99 },
      })),
    }),
  });
  expect(phaseFindings(cells)).toEqual(["sse-node from first to last: p99 +25 %, memory (USS) −1.0 %."]);
});
