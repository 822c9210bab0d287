import { expect, test } from "vitest";
import { makeScenario } from "../suite-file.ts";
import { phaseSpans } from "../suite.ts";
import type { Scenario } from "../suite.ts";
import { SLICES, sliceOf, turnsOf } from "./turns.ts";

const scenario = makeScenario(
  { name: "sse-node", transport: "sse" },
  { subscribers: 600, rate: "40/s", thresholds: ["messages_lost == 0"] },
);

function loaded({ phases = [], ...rest }: Scenario) {
  return phaseSpans({ phases, ...rest }).filter(({ startRate }) => startRate > 0);
}

test.each(["base", "head"] as const)(
  "interleaved, %s first: one rests while the other is loaded, ABBA after a warm-up of both",
  (first) => {
    const turns = turnsOf(scenario, "interleaved", first);
    const order = (["base", "head"] as const)
      .flatMap((version) => loaded(turns[version]).map(({ name, fromMs, toMs }) => ({ version, name, fromMs, toMs })))
      .toSorted((a, b) => a.fromMs - b.fromMs);
    const other = first === "base" ? "head" : "base";
    expect(order.slice(0, 2)).toMatchObject([
      { name: "warm-up", fromMs: 0, toMs: 1000 },
      { name: "warm-up", fromMs: 0, toMs: 1000 },
    ]);
    const slices = order.slice(2);
    for (const [at, { fromMs, toMs }] of slices.entries()) expect([fromMs, toMs]).toEqual([1000 + 500 * at, 1500 + 500 * at]);
    const abba = [first, other, other, first];
    expect(slices.map(({ version }) => version)).toEqual([...abba, ...abba, ...abba]);
  },
);

test("in a duet both are loaded throughout, each with half the rate", () => {
  const { base, head } = turnsOf(scenario, "duet", "base");
  expect(head.phases).toEqual(base.phases);
  expect(new Set(base.phases!.map(({ startRate, endRate }) => [startRate, endRate].join()))).toEqual(new Set(["20,20"]));
});

test.each(["interleaved", "duet"] as const)("%s, either version has as many slices, by their number, and no threshold", (mode) => {
  for (const turns of Object.values(turnsOf(scenario, mode, "head"))) {
    const slices = turns.phases!.flatMap(({ name }) => sliceOf(name) ?? []);
    expect(slices).toEqual(Array.from({ length: SLICES[mode] }, (_, i) => i));
    expect(turns.durationMs).toBe(turns.phases!.reduce((sum, { durationMs }) => sum + durationMs, 0));
    expect(turns).toMatchObject({ warmupMs: 0, thresholds: [], subscribers: 600, payloadBytes: scenario.payloadBytes, steps: 8 });
  }
});

test("of few subscribers no memory a connection is measured", () => {
  expect(turnsOf({ ...scenario, subscribers: 100 }, "duet", "base").base.steps).toBe(1);
});

test("a warm-up, a wait and a rest are no slices", () => {
  expect(["warm-up", "wait", "rest 3", "slice", "slice 1"].map(sliceOf)).toEqual([undefined, undefined, undefined, undefined, 0]);
});
