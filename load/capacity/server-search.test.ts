import { expect, test } from "vitest";
import type { CapacityPoint, CapacityQuestion, ServerCapacity } from "../capacity-record.ts";
import type { Measurement } from "../measurement.ts";
import { makeScenario } from "../suite-file.ts";
import type { Scenario } from "../suite.ts";
import { searchServer } from "./server-search.ts";
import type { SearchedServer } from "./server-search.ts";
import { DEFAULT_SLO, parseSlo } from "./slo.ts";

const SERVER: SearchedServer = { server: "sse-node", transport: "sse", polls: false, startedHere: true };
const QUESTION: CapacityQuestion = {
  vary: "connections",
  slo: parseSlo(DEFAULT_SLO),
  scenario: makeScenario({ name: "sse-node", transport: "sse" }, { name: "base", subscribers: 100, duration: "6s", pollInterval: "1s" }),
  servers: ["sse-node"],
  confirmMs: 24_000,
  maxMs: 3_600_000,
  maxSteps: 40,
};

/** A trial on a server whose p99 is 10 ms up to so many subscribers, and then 10 ms for each one more. */
function measured(scenario: Scenario, index: number, limit: number): Measurement {
  const p99 = 10 + Math.max(0, scenario.subscribers - limit) * 10;
  const metrics = { "delivery_latency_ms.p50": 2, "delivery_latency_ms.p99": p99, messages_lost: 0, messages_duplicated: 0 };
  const validity = { valid: true, reasons: [] };
  return {
    scenario,
    metrics,
    validity,
    seconds: [],
    generator: [],
    trial: { index, server: "sse-node", durationMs: 8000 },
  } as unknown as Measurement;
}

interface Run {
  readonly found: ServerCapacity;
  readonly measurements: readonly Measurement[];
  readonly points: readonly CapacityPoint[];
}

async function search(
  limit: number,
  kept: readonly Measurement[] = [],
  stopAfter = Infinity,
  server = SERVER,
  question = QUESTION,
): Promise<Run> {
  const controller = new AbortController();
  const measurements: Measurement[] = [];
  const points: CapacityPoint[] = [];
  const found = await searchServer(question, server, kept, {
    signal: controller.signal,
    trial(scenario) {
      const measurement = measured(scenario, kept.length + measurements.length + 1, limit);
      measurements.push(measurement);
      return Promise.resolve(measurement);
    },
    judged(point) {
      points.push(point);
      if (points.length === stopAfter) controller.abort();
    },
  });
  return { found, measurements, points };
}

test("a server that is slow above 530 connections is bracketed, with what it was slow by", async () => {
  // Up to nine above its limit it still holds: 100 ms are asked.
  const { found, points } = await search(521);
  expect(found).toMatchObject({
    server: "sse-node",
    range: { from: 100 },
    answer: { held: 519, broke: 542, confirmed: true, end: "narrowed" },
    reasons: ["delivery_latency_ms.p99 was 220 ms where < 100 was asked"],
  });
  expect(found.points).toEqual(points);
  expect(points[0]).toEqual({ trial: 1, level: 100, confirm: false, verdict: "holds", reasons: [], tookMs: 8000, p50: 2, p99: 10 });
});

test("a search that was stopped says the bracket so far, and goes on to the same answer with the same trials", async () => {
  const whole = await search(521);
  for (const after of [1, 7, 8, 13]) {
    const stopped = await search(521, [], after);
    expect(stopped.points).toHaveLength(after);
    expect(stopped.found.answer.end).toBe("interrupted");
    const resumed = await search(521, stopped.measurements);
    // How many this machine holds is asked of it each time.
    expect({ ...resumed.found, range: whole.found.range }).toEqual(whole.found);
    expect(resumed.measurements).toHaveLength(whole.measurements.length - after);
  }
  expect((await search(521, [], 9)).found.answer).toEqual({ held: 400, broke: 800, confirmed: false, end: "interrupted" });
});

test("a trial that is interrupted is no point of it", async () => {
  const found = await searchServer(QUESTION, SERVER, [], {
    signal: new AbortController().signal,
    trial: (scenario) =>
      Promise.resolve({ ...measured(scenario, 1, 100), failure: { kind: "interrupted", message: "the run was stopped" } }),
    judged: () => {},
  });
  expect(found).toMatchObject({ points: [], answer: { confirmed: false, end: "interrupted" } });
});

test("what noise kept from being judged is tried again when the search goes on", async () => {
  const { measurements } = await search(521);
  const noise = { valid: false, reasons: [{ code: "host_steal", severity: "invalid" as const, message: "steal", advice: "" }] };
  // The first of those at 800, which break.
  const disturbed = measurements.slice(0, 7).map((measurement) => ({ ...measurement, validity: noise }));
  const { found, points } = await search(521, disturbed);
  expect(points[0]).toMatchObject({ level: 800, verdict: "broke" });
  expect(found.points).toHaveLength(measurements.length);
});

test("a poller's interval is added to its limit, and to no other's", async () => {
  expect((await search(521)).found.slo[0]).toMatchObject({ limit: 100 });
  const poller = { ...SERVER, server: "polling-node", transport: "polling", polls: true };
  const { found } = await search(521, [], Infinity, poller);
  expect(found.slo[0]).toMatchObject({ limit: 1100 });
  // A p99 of 1,100 ms is that of 109 connections above the limit.
  expect(found.answer.held).toBeLessThan(521 + 109);
  expect(found.answer.broke).toBeGreaterThanOrEqual(521 + 109);
});

test("time bounds it by what the trials took", async () => {
  const { found, measurements } = await search(521, [], Infinity, SERVER, { ...QUESTION, maxMs: 60_000 });
  expect(found.answer.end).toBe("time");
  // A trial that would pass it is not begun: six of 8 s leave 12 s, and one is expected to take 12.4.
  expect(measurements).toHaveLength(6);
});
