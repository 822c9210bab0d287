import { expect, it } from "vitest";
import { z } from "zod";
import { fixtureGate, hostileGate, withArm } from "../fixture-gate.ts";
import { judgeGate } from "../gate.ts";
import { formatGithubBenchmark } from "./github-benchmark.ts";

/** What the action's customSmallerIsBetter and customBiggerIsBetter read (github-action-benchmark, README and extract.ts). */
const FORM = z.array(
  z.strictObject({
    name: z.string().min(1),
    unit: z.string().min(1),
    value: z.number(),
    range: z.string().optional(),
    extra: z.string().optional(),
  }),
);

const read = (text: string) => FORM.parse(JSON.parse(text));

it("has an entry a metric and cell with head's value, each by a name of its own", () => {
  const entries = read(formatGithubBenchmark(judgeGate(fixtureGate({ servers: ["a", "b"] }), [], "2026-03-01")));
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  const cpu = entries.find(({ name }) => name === "a · broadcast · server_cpu_us_per_delivery")!;
  expect(cpu).toMatchObject({ unit: "µs", range: expect.stringMatching(/^[+−][\d.]+ % to [+−][\d.]+ % of base$/) as string });
  expect(cpu.value).toBeGreaterThan(3);
  expect(cpu.value).toBeLessThan(12);
  expect(entries.find(({ name }) => name === "b · broadcast · messages_lost")).toMatchObject({ value: 0, unit: "events" });
});

it("keeps what is better when it is bigger in a file of its own", () => {
  const gate = fixtureGate({
    question: { metrics: ["delivery_rate", "server_cpu_us_per_delivery"] },
    alter: (round) =>
      withArm("head", ({ metrics }) => ({ metrics: { ...metrics, delivery_rate: 990 + round.round } }))(
        withArm("base", ({ metrics }) => ({ metrics: { ...metrics, delivery_rate: 1_000 } }))(round),
      ),
  });
  const report = judgeGate(gate, [], "2026-03-01");
  expect(read(formatGithubBenchmark(report, "customBiggerIsBetter")).map(({ name }) => name)).toEqual([
    "sse-node · broadcast · delivery_rate",
  ]);
  expect(read(formatGithubBenchmark(report)).some(({ name }) => name.includes("delivery_rate"))).toBe(false);
});

it("leaves out what could not be had, and markup of its names", () => {
  const text = formatGithubBenchmark(judgeGate(hostileGate(), [], "2026-03-01"));
  const entries = read(text);
  for (const { name } of entries) expect(name).not.toMatch(/[<>&"'`]/);
  // oxlint-disable-next-line no-control-regex
  expect(entries.map(({ name, extra }) => name + extra).join("")).not.toMatch(/[\u0000-\u001f\u202e]/);
});
