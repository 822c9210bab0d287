import { expect, test } from "vitest";
import type { PhaseReceived, SubscriberResult } from "../assignment.ts";
import type { ShareResult } from "../fleet/local.ts";
import { createHistogram } from "../histogram.ts";
import type { Steadiness } from "../measurement.ts";
import type { RawSample } from "../sampling/raw-sample.ts";
import { phaseSpans } from "../suite.ts";
import { isVaried, phaseFigures } from "./phase-figures.ts";
import type { PhaseFacts } from "./phase-figures.ts";

const PHASES = [
  { name: "calm", durationMs: 10_000, startRate: 50, endRate: 50 },
  { name: "ramp", durationMs: 2500, startRate: 50, endRate: 250 },
  { name: "after", durationMs: 9500, startRate: 50, endRate: 50 },
];

function latencies(count: number, ms: number) {
  const histogram = createHistogram();
  histogram.record(ms * 1e6, count);
  return histogram.toSparse();
}

const received = (messages: number): PhaseReceived["received"] => ({
  elapsedMs: 1000,
  messages,
  bytesDown: 150 * messages,
  bytesUp: 0,
  requests: 0,
});

function share(role: ShareResult["role"], phases: readonly PhaseReceived[]): ShareResult {
  return { role, pid: 1, subscribers: 1, result: { phases } as unknown as SubscriberResult };
}

const part = (expected: number, delivered: number, backlog: number, ms: number): PhaseReceived => ({
  expected,
  delivered,
  backlog,
  latency: latencies(delivered, ms),
  received: received(delivered),
});

const look = (atNs: number, cpuNs: number): RawSample => ({ atNs, host: {}, ownCpuNs: 0, server: { cpuNs, threads: 1 } });

function figures(change: Partial<PhaseFacts> = {}, ranges: [number, number][] = []) {
  const emitted = [500, 375, 475].map((published) => ({ intended: published + 25, published, lag: latencies(published, 0.2) }));
  return phaseFigures({
    spans: phaseSpans({ phases: PHASES }),
    publisher: { phases: emitted } as unknown as PhaseFacts["publisher"],
    shares: [
      share("probes", [part(2000, 2000, 1, 5), part(500, 499, 7, 50), part(900, 900, 0, 5)]),
      share("subscribers", [part(9000, 9000, 2, 8), part(3000, 2990, 30, 80), part(4000, 4000, 0, 8)]),
    ],
    asksAgain: false,
    edges: [look(0, 0), look(10e9, 11e6), look(12.5e9, 20e6), look(22e9, 22e6)],
    samples: [-0.02, 4, 11, 13, 20].map((atSecond, i) => ({ atSecond, serverUssBytes: 100 + i })),
    steadinessOf(from, to): Steadiness {
      ranges.push([from, to]);
      return { verdict: "steady", seconds: to - from };
    },
    ...change,
  });
}

test("a phase has the counts of all processes, its rates over its own length, and what the server used between its edges", () => {
  const [calm, ramp] = figures();
  expect(calm).toMatchObject({ name: "calm", fromSecond: 0, toSecond: 10, startRate: 50, endRate: 50 });
  expect(calm!.metrics).toMatchObject({
    messages_published: 500,
    messages_expected: 11_000,
    messages_delivered: 11_000,
    messages_lost: 0,
    delivery_backlog: 3,
    publish_rate: 50,
    publish_achieved: 500 / 525,
    delivery_rate: 11_000,
    bytes_down_per_delivery: 150,
    server_cpu_us_per_delivery: 1,
    server_uss_bytes: 100.5,
  });
  expect(ramp!.metrics).toMatchObject({ messages_lost: 11, delivery_backlog: 37, publish_rate: 150, server_uss_bytes: 102 });
  expect(ramp!.metrics["server_cpu_us_per_delivery"]).toBeCloseTo(9000 / 3489, 9);
});

test("its percentiles come from the probes as far as they have deliveries enough, else from everybody", () => {
  const [calm, ramp] = figures();
  expect(calm!.deliveryLatencySource).toMatchObject({ p50: "probes", p99: "probes" });
  expect(calm!.metrics["delivery_latency_ms.p99"]).toBeCloseTo(5, 1);
  expect(ramp!.deliveryLatencySource).toMatchObject({ p50: "probes", p99: "population" });
  expect(ramp!.metrics["delivery_latency_ms.p99"]! / 80).toBeCloseTo(1, 2);
  expect(ramp!.histograms["delivery"]!.count).toBe(499);
  // Whoever asks again first is answered first.
  const [asked] = figures({ asksAgain: true });
  expect(asked!.deliveryLatencySource).toMatchObject({ p50: "population" });
});

test("a phase at one rate is judged from its second whole second on, a ramp is not", () => {
  const ranges: [number, number][] = [];
  expect(figures({}, ranges).map(({ steadiness }) => steadiness.verdict)).toEqual(["steady", "varied", "steady"]);
  expect(ranges).toEqual([
    [1, 10],
    [14, 22],
  ]);
});

test("a window varies where a phase has another rate than the first, or a ramp", () => {
  const at = (...rates: [number, number][]) =>
    isVaried({ phases: rates.map(([startRate, endRate], i) => ({ name: `${i}`, durationMs: 1000, startRate, endRate })) });
  expect([isVaried({}), at([5, 5]), at([5, 5], [5, 5])]).toEqual([false, false, false]);
  expect([at([5, 6]), at([5, 5], [6, 6]), at([5, 5], [5, 6])]).toEqual([true, true, true]);
});
