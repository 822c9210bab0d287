import { expect, it } from "vitest";
import { fillColumns, showsFactors } from "./column.ts";
import { fixtureReport, fixtureRun, invalid, only } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";

function columnsOf(options: FixtureOptions) {
  return new Map(fillColumns(fixtureReport(options).summary.cells).map((filled) => [filled.column.key, filled]));
}

it("shows one memory metric for all: the one most cells have, USS before RSS", () => {
  const { server_uss_bytes: _, ...without } = fixtureRun().measurements[0]!.metrics;
  expect(columnsOf({}).get("memory")?.header).toBe("memory (USS)");
  const some = columnsOf({ alter: only("sse-node", (m) => ({ ...m, metrics: without })) });
  expect(some.get("memory")?.header).toBe("memory (PSS)");
  expect(some.get("memory")?.values.every((value) => value !== undefined)).toBe(true);
});

it("leaves out a column that nobody has a value for", () => {
  const columns = columnsOf({ alter: (m) => ({ ...m, metrics: { messages_lost: 0 } }) });
  expect([...columns.keys()]).toEqual(["lost"]);
});

it("measures factors against the least of the valid cells, but none of what the suite sets", () => {
  const rates: Record<string, number> = { "polling-node": 100, "sse-node": 50, "websocket-ws": 200 };
  const alter: FixtureOptions["alter"] = (m) => {
    const metrics = { ...m.metrics, delivery_rate: rates[m.trial.server]!, "delivery_latency_ms.p99": rates[m.trial.server]! };
    return m.trial.server === "websocket-ws" ? invalid({ ...m, metrics }) : { ...m, metrics };
  };
  const columns = columnsOf({ alter });
  expect(columns.get("deliveries")?.values.map((value) => value?.factor)).toEqual([undefined, undefined, undefined]);
  expect(columns.get("p99")?.values.map((value) => value?.factor)).toEqual([2, 1, undefined]);
});

it("has no factor against nothing lost", () => {
  expect(
    columnsOf({})
      .get("lost")
      ?.values.map((value) => value?.factor),
  ).toEqual([undefined, undefined, undefined]);
});

it("has no factor, hence no best, with a single valid cell", () => {
  const alter: FixtureOptions["alter"] = (m) => (m.trial.server === "sse-node" ? m : invalid(m));
  const columns = [...columnsOf({ alter }).values()];
  for (const { values } of columns) expect(values.every((value) => value?.factor === undefined)).toBe(true);
  expect(showsFactors(columns)).toBe(false);
  expect(showsFactors([...columnsOf({}).values()])).toBe(true);
});
