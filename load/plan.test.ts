import { expect, test } from "vitest";
import type { CatalogEntry } from "../servers/catalog.ts";
import { planTrials } from "./plan.ts";
import { serverName } from "./suite.ts";
import type { Scenario, Suite } from "./suite.ts";

const CATALOG: CatalogEntry[] = [
  { name: "sse-node", available: true, transport: "sse", tls: true, library: { name: "node:http", version: "20" } },
  { name: "websocket-uws", available: false, reason: "its library cannot be loaded" },
];
const TARGET = { name: "mine", transport: "websocket", url: "http://127.0.0.1:1", control: "http://127.0.0.1:2" };

function suite(change: Partial<Suite> = {}): Suite {
  const scenarios = ["a", "b"].map((name) => ({ name }) as Scenario);
  return { name: "s", description: "", file: "s.yaml", servers: ["sse-node", TARGET], trials: 3, seed: 7, allow: [], scenarios, ...change };
}

const keys = (seed: number) =>
  planTrials(suite({ seed }), CATALOG).trials.map(
    ({ server, scenario, repetition }) => `${serverName(server)} ${scenario.name} ${repetition}`,
  );

test("every server meets every scenario in every repetition, once", () => {
  const { trials } = planTrials(suite(), CATALOG);
  expect(new Set(keys(7)).size).toBe(12);
  expect(trials.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  expect(trials.every(({ server, transport }) => transport === (server === "sse-node" ? "sse" : "websocket"))).toBe(true);
});

test("the order is the seed's", () => {
  expect(keys(7)).toEqual(keys(7));
  expect(keys(8)).not.toEqual(keys(7));
  expect(keys(8).toSorted()).toEqual(keys(7).toSorted());
});

test("where it climbs, upwards, and in the seed's order among equals", () => {
  const scenarios = [50_000, 1000, 10_000].map((subscribers) => ({ name: `a,subscribers=${subscribers}`, subscribers }) as Scenario);
  const { trials } = planTrials(suite({ scenarios, climb: "subscribers" }), CATALOG);
  expect(trials.map(({ scenario }) => scenario.subscribers)).toEqual([
    ...Array(6).fill(1000),
    ...Array(6).fill(10_000),
    ...Array(6).fill(50_000),
  ]);
  expect(trials.map(({ index }) => index)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
});

test("a server that cannot run here is left out and named with the reason", () => {
  const { trials, unavailable } = planTrials(suite({ servers: ["sse-node", "websocket-uws", "gone"] }), CATALOG);
  expect(trials).toHaveLength(6);
  expect(unavailable).toEqual([
    { server: "websocket-uws", reason: "its library cannot be loaded" },
    { server: "gone", reason: "it is not in the catalogue" },
  ]);
});
