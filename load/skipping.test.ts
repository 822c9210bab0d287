import { expect, test } from "vitest";
import type { Measurement } from "./measurement.ts";
import { outlookOf } from "./outlook.ts";
import type { TrialPlan } from "./plan.ts";
import { reasonToSkip } from "./skipping.ts";
import type { Standing } from "./skipping.ts";
import { makeScenario } from "./suite-file.ts";

const SERVER = { name: "sse-node", transport: "sse" };

function plan(subscribers: number, server: TrialPlan["server"] = SERVER.name): TrialPlan {
  const scenario = { ...makeScenario(SERVER, { subscribers, duration: "20s" }), name: `broadcast,subscribers=${subscribers}` };
  return { index: 1, repetition: 1, server, transport: "sse", library: "node:http", scenario, seed: 1 };
}

function measured(subscribers: number, change: Partial<Measurement> = {}): Measurement {
  const { scenario } = plan(subscribers);
  const thresholds = [{ metric: "messages_lost", operator: "==", limit: 0, level: "error" }] as const;
  return {
    status: "complete",
    trial: { server: SERVER.name },
    scenario: { ...scenario, thresholds },
    metrics: { messages_lost: 0 },
    ...change,
  } as Measurement;
}

const standing = (change: Partial<Standing> = {}): Standing => ({
  limits: { descriptorsHard: 20_000, memoryAvailableBytes: 10e9 },
  cores: 2,
  measurements: [],
  elapsedMs: 0,
  ...change,
});
const CLIMB = { climb: "subscribers" } as const;

test("a trial that fits, whose server held at less and for which there is time, is made", () => {
  const suite = { ...CLIMB, budgetMs: 60_000 };
  expect(reasonToSkip(plan(10_000), suite, standing({ measurements: [measured(1000)] }))).toBeUndefined();
});

test("one that this machine does not carry is not, and a target that runs elsewhere is not judged by it", () => {
  expect(reasonToSkip(plan(1_000_000), {}, standing())).toMatch(/^it does not fit on this machine: it needs 27\.\d GB of memory \(/);
  const elsewhere = { name: "mine", transport: "sse", url: "http://127.0.0.1:1", control: "http://127.0.0.1:2" };
  expect(reasonToSkip(plan(1_000_000, elsewhere), {}, standing())).toBeUndefined();
});

test("where a server broke, it is not asked for more; another one, the same level, and less are", () => {
  const died = measured(1000, { status: "failed", failure: { kind: "connect", message: "12 of 1000 subscribers could not connect" } });
  const broken = standing({ measurements: [died] });
  expect(reasonToSkip(plan(10_000), CLIMB, broken)).toBe("it broke at subscribers 1,000 already: 12 of 1000 subscribers could not connect");
  expect(reasonToSkip(plan(10_000), {}, broken)).toBeUndefined();
  expect(reasonToSkip(plan(1000), CLIMB, broken)).toBeUndefined();
  expect(reasonToSkip(plan(100), CLIMB, broken)).toBeUndefined();
  expect(reasonToSkip(plan(10_000, "sse-uws"), CLIMB, broken)).toBeUndefined();
});

test("a limit that was missed is a break, one that only warns is not", () => {
  const lossy = measured(1000, { metrics: { messages_lost: 7 } });
  expect(reasonToSkip(plan(10_000), CLIMB, standing({ measurements: [lossy] }))).toBe(
    "it broke at subscribers 1,000 already: messages_lost was 7 where messages_lost == 0 was asked for",
  );
  const [threshold] = lossy.scenario.thresholds;
  const scenario = { ...lossy.scenario, thresholds: [{ ...threshold!, level: "warn" as const }] };
  expect(reasonToSkip(plan(10_000), CLIMB, standing({ measurements: [{ ...lossy, scenario }] }))).toBeUndefined();
  const others = { ...lossy.scenario, thresholds: [{ ...threshold!, servers: ["websocket-ws"] }] };
  expect(reasonToSkip(plan(10_000), CLIMB, standing({ measurements: [{ ...lossy, scenario: others }] }))).toBeUndefined();
});

test("a limit of a phase is held against that phase, and not against the window", () => {
  const lossy = measured(1000, { metrics: { messages_lost: 7 }, phases: [{ name: "spike", metrics: { messages_lost: 0 } }] as never });
  const thresholds = lossy.scenario.thresholds.map((threshold) => ({ ...threshold, phase: "spike" }));
  const inSpike = { ...lossy, scenario: { ...lossy.scenario, thresholds } };
  expect(reasonToSkip(plan(10_000), CLIMB, standing({ measurements: [inSpike] }))).toBeUndefined();
  const spiked = { ...inSpike, metrics: { messages_lost: 0 }, phases: [{ name: "spike", metrics: { messages_lost: 3 } }] as never };
  expect(reasonToSkip(plan(10_000), CLIMB, standing({ measurements: [spiked] }))).toBe(
    "it broke at subscribers 1,000 already: messages_lost was 3 in spike where messages_lost == 0 was asked for",
  );
});

test("one for which no time is left is not made", () => {
  expect(reasonToSkip(plan(100), { budgetMs: 600_000 }, standing({ elapsedMs: 590_000 }))).toBe(
    "it takes about 0.4 minutes, and of the suite's 10.0 9.8 are gone",
  );
});

test("the outlook shows the largest trial and what does not fit", () => {
  const { limits, cores } = standing();
  const { largest, misfits } = outlookOf([plan(100), plan(20_000), plan(1000), { ...plan(1_000_000), index: 4 }], limits, cores);
  expect(largest).toMatchObject({ server: "sse-node", scenario: "broadcast,subscribers=1000000" });
  expect(misfits).toMatchObject([{ index: 4, server: "sse-node", scenario: "broadcast,subscribers=1000000" }]);
  expect(outlookOf([], limits, cores)).toEqual({ misfits: [] });
});
