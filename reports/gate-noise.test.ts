import { expect, test } from "vitest";
import type { NoiseRecord } from "../load/noise-record.ts";
import { fixtureGate } from "./fixture-gate.ts";
import { effectOnMetric, floorOf, noiseOf, noiseRemarks, sightsOf } from "./gate-noise.ts";

const CPU = "server_cpu_us_per_delivery";
const question = { metrics: [CPU, "bytes_down_per_delivery"], rounds: 200 };

function noisy(paired: number): NoiseRecord {
  return {
    machine: "here",
    measuredAt: "",
    mode: "duet",
    rounds: 10,
    cells: [{ server: "sse-node", scenario: "broadcast", metrics: { [CPU]: { paired, alone: 0.1, rounds: 10 } } }],
  };
}

test("a planted deviation is read back, and what is exact has none", () => {
  const [cell] = noiseOf(fixtureGate({ sigma: 0.04, question }));
  expect(cell).toMatchObject({ server: "sse-node", scenario: "broadcast" });
  expect(cell!.metrics[CPU]!.paired).toBeCloseTo(0.04, 2);
  expect(cell!.metrics[CPU]!.rounds).toBe(200);
  expect(cell!.metrics["bytes_down_per_delivery"]!.paired).toBeCloseTo(0, 12);
});

test("what head has more is read back, and unknown where nobody measured it", () => {
  const { rounds } = fixtureGate({ sigma: 0, question, change: { [CPU]: 1.1 } });
  expect(effectOnMetric(rounds, CPU)).toBeCloseTo(0.1, 12);
  expect(effectOnMetric(rounds, "bytes_down_per_delivery")).toBeCloseTo(0, 12);
  expect(effectOnMetric(rounds, "no_such_metric")).toBeUndefined();
});

test("of two rounds no deviation is told", () => {
  expect(noiseOf(fixtureGate({ question: { ...question, rounds: 2 } }))[0]!.metrics).toEqual({});
});

test("what can be seen is METHOD's formula", () => {
  const { record } = fixtureGate({ question: { metrics: [CPU], rounds: 12 } });
  const [sight] = sightsOf(noisy(0.03).cells, record.question);
  expect(sight).toMatchObject({ metric: CPU, limit: 0.1, roundsNeeded: 5 });
  expect(sight!.detectable).toBeCloseTo(1.03 * Math.exp((2 * 1.79588 * 0.03) / Math.sqrt(12)) - 1, 4);
});

test("a limit below the noise floor is said to be so, with the rounds it would need", () => {
  const gate = fixtureGate({ question: { metrics: [CPU], rounds: 12 } });
  expect(noiseRemarks(noisy(0.03), gate)).toEqual([]);
  const [remark] = noiseRemarks(noisy(0.09), gate);
  expect(remark!.text).toMatch(
    /^sse-node: a limit of 10 % on server_cpu_us_per_delivery is below the noise floor: 12 rounds show changes of \+13\.\d %/,
  );
  expect(remark!.text).toMatch(/and \d\d rounds would show 10 %$/);
  expect(remark!.verdict).toBeUndefined();
});

test("where nothing was measured it is said how to", () => {
  expect(noiseRemarks(undefined, fixtureGate())[0]!.text).toContain("`pushbench doctor --noise` measures it");
});

test("a stored baseline's floor is of figures that were not paired", () => {
  expect(floorOf(noisy(0.01))[CPU]).toBeCloseTo(Math.expm1(2 * Math.SQRT2 * 0.1), 12);
});
