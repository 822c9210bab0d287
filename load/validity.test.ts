import { expect, test } from "vitest";
import type { GeneratorProcess, Steadiness } from "./measurement.ts";
import { judge } from "./validity.ts";
import type { ValidityFacts } from "./validity.ts";

const process_ = (role: GeneratorProcess["role"], elu: number, runqWaitMs = 0): GeneratorProcess => ({
  role,
  pid: 1,
  subscribers: 10,
  elu,
  loopDelayMs: { p50: 0, p99: 0, max: 0 },
  cpuCores: 0.1,
  runqWaitMs,
  rssBytes: 1,
});

type Verdict = Steadiness["verdict"];

const SOUND: ValidityFacts = {
  generator: [process_("publisher", 1), process_("probes", 0.2), process_("subscribers", 0.19)],
  windowMs: 10_000,
  lagP99Ms: 0.3,
  deliveryP99Ms: 5,
  published: 1000,
  intended: 1000,
  refused: 0,
  unsent: 0,
  unanswered: 0,
  clockErrors: 0,
  clockStepNs: 40,
  room: [{ what: "descriptors of a server process", used: 89, of: 100 }],
  absentPercentiles: [],
  deliveries: 10_000,
  foreign: { cores: 0.15, of: 2 },
  overflow: 0,
  steal: 0,
  throttled: 0,
  samplesDue: 10,
  samplesTaken: 10,
  leakedFds: 0,
  closedLoop: false,
  asksAgain: false,
  subscribers: 100,
  broken: 0,
  reconnects: 0,
  silent: 0,
  fromPopulation: [],
  stopNotes: [],
  steadiness: { warmup: { verdict: "too-short", seconds: 0 }, extended: 0, window: { verdict: "steady", seconds: 10 } },
  phases: [],
};

const PHASE = { name: "spike", steadiness: { verdict: "steady", seconds: 6 } } as const;
const VARIED = { ...SOUND.steadiness, window: { verdict: "varied", seconds: 0 } } as const;

test.each<[string, ValidityFacts["phases"], string | undefined, RegExp?]>([
  [
    "a publisher late in one",
    [{ ...PHASE, lagP99Ms: 3, deliveryP99Ms: 20 }],
    "publisher_late",
    /^the publisher was late in spike: .* 3\.00, more than 1\.00/,
  ],
  [
    "a publisher late by a hair",
    [{ ...PHASE, lagP99Ms: 1.0043, deliveryP99Ms: 20 }],
    "publisher_late",
    /^the publisher was late in spike: .* 1\.004, more than 1\.00/,
  ],
  ["a lag below 5 % of its own p99", [{ ...PHASE, lagP99Ms: 3, deliveryP99Ms: 90 }], undefined],
  ["a schedule that slipped in one", [{ ...PHASE, achieved: 0.9 }], "schedule_slipped", /^in spike 90 % /],
  ["one that was not steady", [{ ...PHASE, steadiness: { verdict: "not-steady", seconds: 6 } }], "not_steady", /not steady in spike/],
  ["a ramp", [{ ...PHASE, steadiness: { verdict: "varied", seconds: 0 } }], undefined],
])("phases, of a window that is right as a whole: %s", (_, phases, code, message = /./) => {
  const { reasons } = judge({ ...SOUND, phases, steadiness: VARIED });
  expect(reasons.map((reason) => reason.code)).toEqual(code === undefined ? [] : [code]);
  if (code !== undefined) expect(reasons[0]!.message).toMatch(message);
});

test("of phases at one and the same rate the window speaks, and is not repeated by each", () => {
  const phases = [{ ...PHASE, steadiness: { verdict: "not-steady", seconds: 6 } }] as const;
  expect(judge({ ...SOUND, phases }).reasons).toEqual([]);
});

test("a sound measurement is valid, without a word", () => {
  expect(judge(SOUND)).toEqual({ valid: true, reasons: [] });
});

test.each<[string, Partial<ValidityFacts>, string]>([
  ["a saturated probe", { generator: [process_("probes", 0.51)] }, "probe_saturated"],
  ["a saturated worker", { generator: [process_("subscribers", 0.81)] }, "worker_saturated"],
  ["a late publisher", { lagP99Ms: 1.1 }, "publisher_late"],
  ["probes that queue", { generator: [{ ...process_("probes", 0.2), turnMs: { p50: 1, p99: 3.1, max: 9 } }] }, "probes_queue"],
  ["neighbours", { foreign: { cores: 0.41, of: 2 } }, "foreign_load"],
  ["a clock of big steps", { clockStepNs: 1e6 }, "clock_coarse"],
  ["a clock that stands", { clockStepNs: Infinity }, "clock_coarse"],
  ["a slipped schedule", { published: 980 }, "schedule_slipped"],
  ["a publisher that could not get rid of its messages", { unsent: 20 }, "schedule_slipped"],
  ["a server still busy with what was published", { unanswered: 1 }, "ingest_backlog"],
  ["refused messages", { refused: 1, refusedReason: "bad topic" }, "ingest_refused"],
  ["a negative latency", { clockErrors: 1 }, "clock_error"],
  ["a latency past the range", { overflow: 1 }, "latency_overflow"],
  ["a stolen CPU", { steal: 0.02 }, "host_steal"],
  ["a throttled container", { throttled: 1 }, "cgroup_throttled"],
])("%s makes it invalid, with what to change", (_, change, code) => {
  const { valid, reasons } = judge({ ...SOUND, ...change });
  expect(valid).toBe(false);
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatchObject({ code, severity: "invalid" });
  expect(reasons[0]!.advice).not.toBe("");
});

test("percentiles of everybody say why they are not the probes'", () => {
  const why = (asksAgain: boolean) => judge({ ...SOUND, fromPopulation: ["p50", "p99"], asksAgain }).reasons[0]!.message;
  expect(why(false)).toBe("delivery_latency_ms p50, p99 come from all subscribers: the probes had too few deliveries");
  expect(why(true)).toMatch(/whoever asks again first is answered first, and the probes always do$/);
});

test.each<[string, Partial<ValidityFacts>, string]>([
  ["a busy worker", { generator: [process_("subscribers", 0.21)] }, "population_inflated"],
  ["a probe that waits for a core", { generator: [process_("probes", 0.2, 1500)] }, "generator_waits_for_core"],
  ["a neighbour", { foreign: { cores: 0.21, of: 2 } }, "foreign_load"],
  ["few descriptors left", { room: [{ what: "descriptors of a server process", used: 91, of: 100 }] }, "room_short"],
  ["too few deliveries for a percentile", { absentPercentiles: ["p99"], deliveries: 700 }, "too_few_deliveries"],
  ["missing samples", { samplesTaken: 8 }, "samples_missing"],
  ["connections that broke", { broken: 3, reconnects: 2 }, "connections_lost"],
  ["two memory slopes", { memorySlopeDisagreement: 0.16 }, "memory_slope_unsure"],
  ["held connections", { heldConnections: 2 }, "connections_held"],
  ["leaked descriptors", { leakedFds: 1 }, "descriptors_leaked"],
  ["percentiles of everybody", { fromPopulation: ["p999"] }, "percentiles_from_population"],
  ["subscribers that heard nothing", { silent: 1 }, "subscribers_silent"],
  ["a server that says no hello", { foreignTarget: { name: "mine", sampled: true } }, "counted_from_first_delivery"],
  ["a server that had to be killed", { stopNotes: ["it was killed"] }, "slow_stop"],
])("%s is a warning", (_, change, code) => {
  const { valid, reasons } = judge({ ...SOUND, ...change });
  expect(valid).toBe(true);
  expect(reasons).toMatchObject([{ code, severity: "warning" }]);
});

const steadiness = (
  change: number,
  { extended = 0, warmup = "too-short", window = "not-steady" }: { extended?: number; warmup?: Verdict; window?: Verdict } = {},
): Partial<ValidityFacts> => {
  const slope = { value: Math.log(1.02) * Math.sign(change), low: -0.0299, high: 0.05 };
  const course = { seconds: 10, slope, firstThirdUs: 10, lastThirdUs: 10 * (1 + change), change: { value: change, low: 0, high: 0 } };
  return { steadiness: { warmup: { verdict: warmup, ...course }, extended, window: { verdict: window, ...course } } };
};

test("a server that is not steady is a warning, with its course, and what to change", () => {
  const { valid, reasons } = judge({ ...SOUND, ...steadiness(0.2) });
  expect(valid).toBe(true);
  expect(reasons).toEqual([
    {
      code: "not_steady",
      severity: "warning",
      message:
        "the server's CPU time per delivery was not steady in the window: +2.0 % a second (95 % interval −2.9 % to +5.1 %), " +
        "from 10.0 µs in its first third to 12.0 µs in its last (+20 %)",
      advice:
        "lengthen warmup; one of 8s or more is extended by itself until the server is steady; where it goes on rising, look for what the server piles up",
    },
  ]);
});

test("what falls piles nothing up", () => {
  const [reason] = judge({ ...SOUND, ...steadiness(-0.2) }).reasons;
  expect(reason!.message).toContain("−2.0 % a second");
  expect(reason!.advice).not.toContain("piles");
});

test("a warm-up that was extended is named with the window that was not steady after it, also where only it was not", () => {
  const message = (told: Parameters<typeof steadiness>[1]) => judge({ ...SOUND, ...steadiness(0.2, told) }).reasons[0]?.message;
  expect(message({ extended: 2, warmup: "steady" })).toContain("in the window, after a warm-up that was extended twice: +2.0 %");
  expect(message({ extended: 3, warmup: "not-steady" })).toContain("after a warm-up that was extended 3 times and was not steady either: ");
  expect(message({ extended: 3, warmup: "not-steady", window: "steady" })).toMatch(
    /^the warm-up was extended 3 times and was still not steady, the window was: \+2\.0 % a second/,
  );
  expect(message({ extended: 1, warmup: "steady", window: "steady" })).toBeUndefined();
  expect(message({ warmup: "no-data", window: "no-data" })).toBeUndefined();
});

test("one reason is enough, whatever is said beside it", () => {
  const { valid, reasons } = judge({ ...SOUND, clockErrors: 1, leakedFds: 1, samplesTaken: 8 });
  expect(reasons.map(({ severity }) => severity)).toEqual(["invalid", "warning", "warning"]);
  expect(valid).toBe(false);
});

test("a slow server may be published to a little later", () => {
  expect(judge({ ...SOUND, lagP99Ms: 1.9, deliveryP99Ms: 40 }).valid).toBe(true);
  expect(judge({ ...SOUND, lagP99Ms: 2.1, deliveryP99Ms: 40 }).valid).toBe(false);
});

test("probes may take longer over what comes at once where everything takes long", () => {
  const probes = { ...process_("probes", 0.2), turnMs: { p50: 1, p99: 9, max: 20 } };
  expect(judge({ ...SOUND, generator: [probes], deliveryP99Ms: 200 }).valid).toBe(true);
  expect(judge({ ...SOUND, generator: [probes], deliveryP99Ms: 170 }).valid).toBe(false);
});

test("a closed loop, which has no latency to compare, is not told that one is absent", () => {
  const { reasons } = judge({ ...SOUND, closedLoop: true, absentPercentiles: ["p99"] });
  expect(reasons.map(({ code }) => code)).toEqual(["closed_loop"]);
});

test("a closed loop is labelled as METHOD R3 wants it, and stays valid", () => {
  const { valid, reasons } = judge({ ...SOUND, closedLoop: true });
  expect(valid).toBe(true);
  expect(reasons).toMatchObject([{ severity: "warning", message: "closed loop: maximum throughput; latency not comparable" }]);
});

test("of a server without a hello and without a process both are said", () => {
  const { valid, reasons } = judge({ ...SOUND, foreignTarget: { name: "mine", sampled: false } });
  expect(valid).toBe(true);
  expect(reasons.map(({ code }) => code)).toEqual(["counted_from_first_delivery", "server_not_sampled"]);
});
