import { expect, test } from "vitest";
import { encodeHistogram } from "../hdr.ts";
import { createHistogram } from "../histogram.ts";
import type { CapacityVerdict } from "../capacity-record.ts";
import type { Failure, GeneratorProcess, Measurement } from "../measurement.ts";
import { judgeTrial } from "./judge.ts";
import { DEFAULT_SLO, parseSlo } from "./slo.ts";

const SLO = parseSlo(DEFAULT_SLO);
const METRICS = { "delivery_latency_ms.p50": 3, "delivery_latency_ms.p99": 12, messages_lost: 0, messages_duplicated: 0 };

function trial(changes: Partial<Measurement> = {}): Measurement {
  const sound = {
    status: "complete",
    metrics: METRICS,
    generator: [],
    seconds: [],
    scenario: { durationMs: 6000 },
    validity: { valid: true, reasons: [] },
  };
  return { ...sound, ...changes } as unknown as Measurement;
}

const invalid = (...codes: readonly string[]): Pick<Measurement, "validity"> => ({
  validity: { valid: false, reasons: codes.map((code) => ({ code, severity: "invalid", message: `${code} was seen`, advice: "" })) },
});

const verdict = (changes: Partial<Measurement>, slo = SLO): CapacityVerdict => judgeTrial(trial(changes), slo).verdict;

test("a sound trial within its limits holds", () => {
  expect(judgeTrial(trial(), SLO)).toEqual({ verdict: "holds", reasons: [] });
});

test("a limit that does not hold is told with its value", () => {
  const metrics = { ...METRICS, "delivery_latency_ms.p99": 134.26, messages_lost: 1200 };
  expect(judgeTrial(trial({ metrics }), SLO)).toEqual({
    verdict: "broke",
    reasons: ["delivery_latency_ms.p99 was 134 ms where < 100 was asked", "messages_lost was 1,200 where == 0 was asked"],
  });
});

test("what the server did not take, and a backlog that grows, break it as well", () => {
  expect(judgeTrial(trial(invalid("schedule_slipped")), SLO)).toEqual({ verdict: "broke", reasons: ["schedule_slipped was seen"] });
  const seconds = Array.from({ length: 6 }, (_, atSecond) => {
    const histogram = createHistogram();
    histogram.record((5 + 8 * atSecond) * 1e6, 50);
    return { atSecond, published: 1, delivered: 50, errors: 0, population: encodeHistogram(histogram), probes: encodeHistogram(histogram) };
  });
  const { verdict: piled, reasons } = judgeTrial(trial({ seconds }), SLO);
  expect(piled).toBe("broke");
  expect(reasons).toEqual([expect.stringMatching(/^work piled up: p50 grew by 8(\.\d+)? ms a second/)]);
});

test("an absent metric is no verdict, unless another limit was broken all the same", () => {
  const { "delivery_latency_ms.p99": _few, ...metrics } = METRICS;
  const absent = judgeTrial(trial({ metrics }), SLO);
  expect(absent.verdict).toBe("failed");
  expect(absent.reasons[0]).toMatch(/^delivery_latency_ms\.p99 is absent: too few deliveries.*lengthen the window or raise the rate$/);
  expect(verdict({ metrics: { ...metrics, messages_lost: 5 } })).toBe("broke");
  expect(verdict({}, parseSlo("errors.reset == 0"))).toBe("holds");
});

test.each<readonly [codes: readonly string[], expected: CapacityVerdict]>([
  [["foreign_load", "worker_saturated"], "noise"],
  [["worker_saturated"], "generator"],
  [["probe_saturated", "schedule_slipped"], "generator"],
  [["something_new"], "generator"],
])("%j is %s, whatever the figures are", (codes, expected) => {
  expect(verdict(invalid(...codes))).toBe(expected);
  expect(verdict({ ...invalid(...codes), metrics: { ...METRICS, messages_lost: 9 } })).toBe(expected);
});

test("a disturbed machine keeps what broke from being judged; what holds in spite of it holds", () => {
  const broken = { metrics: { ...METRICS, messages_lost: 9 } };
  for (const code of ["host_steal", "foreign_load", "cgroup_throttled"]) {
    expect(judgeTrial(trial({ ...invalid(code), ...broken }), SLO)).toEqual({ verdict: "noise", reasons: [`${code} was seen`] });
    expect(verdict(invalid(code))).toBe("holds");
  }
  const stolen = (share: number) => ({ ...invalid("host_steal"), metrics: { ...METRICS, messages_lost: 9, host_steal: share } });
  expect(verdict(stolen(0.049))).toBe("broke");
  expect(verdict(stolen(0.06))).toBe("noise");
});

test("a publisher or probes that add less than 5 % of the limit do not spoil a verdict about it; more does", () => {
  const late = (ms: number): Partial<Measurement> => {
    // As few messages as a short trial has: their p99 is no metric.
    const lag = createHistogram();
    for (let i = 0; i < 30; i++) lag.record(ms * 1e6);
    return { ...invalid("publisher_late"), histograms: { publish_lag: encodeHistogram(lag) } };
  };
  expect(verdict(late(4.9))).toBe("holds");
  expect(verdict(late(5.1))).toBe("generator");
  expect(verdict({ ...late(4.9), metrics: { ...METRICS, "delivery_latency_ms.p99": 150 } })).toBe("broke");
  // Without a limit of latency there is nothing to hold it against.
  expect(verdict(late(4.9), parseSlo("messages_lost == 0"))).toBe("generator");
  const probes = (p99: number) => ({
    ...invalid("probes_queue"),
    generator: [{ role: "probes", turnMs: { p50: 1, p99, max: p99 } } as GeneratorProcess],
  });
  expect(verdict(probes(4.9))).toBe("holds");
  expect(verdict(probes(5.1))).toBe("generator");
});

test.each<readonly [kind: Failure["kind"], message: string, expected: CapacityVerdict]>([
  ["connect", "3 of 100 subscribers could not connect: connect ECONNREFUSED", "broke"],
  ["connect", "3 of 100 subscribers could not connect: connect EADDRNOTAVAIL", "machine"],
  ["server-exit", "sse-node ended with SIGKILL", "broke"],
  ["worker", "a worker ended", "generator"],
  ["target", "sse-node printed no ready line", "failed"],
])("a trial that failed by %s (%s) is %s", (kind, message, expected) => {
  expect(judgeTrial(trial({ failure: { kind, message }, metrics: {} }), SLO)).toEqual({ verdict: expected, reasons: [message] });
});
