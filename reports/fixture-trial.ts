/** One synthetic trial: latencies drawn from a seed, everything else as a healthy trial would have it. */
import { encodeHistogram } from "../load/hdr.ts";
import { createHistogram } from "../load/histogram.ts";
import type { Histogram } from "../load/histogram.ts";
import { SCHEMA_VERSION } from "../load/measurement.ts";
import type { LedgerCounts, Measurement, PhaseMeasurement, ResourceSample, Second } from "../load/measurement.ts";
import { PERCENTILES } from "../load/metric.ts";
import { dueInPhase, phaseSpans } from "../load/suite.ts";
import type { Scenario } from "../load/suite.ts";

export interface FixtureServer {
  readonly name: string;
  readonly transport: string;
  readonly library?: string;
  /** Median of its delivery latency, ms. */
  readonly latencyMs: number;
}

/** Mulberry32: numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function fixtureMeasurement(
  server: FixtureServer,
  scenario: Scenario,
  index: number,
  repetition: number,
  seed: number,
): Measurement {
  const next = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const shift = Math.exp(0.05 * normal());
  const polls = server.transport === "polling";
  const latencyNs = () =>
    polls
      ? Math.round((2 + next() * scenario.pollIntervalMs) * 1e6)
      : Math.round(server.latencyMs * shift * Math.exp(0.35 * normal() + (next() < 0.01 ? 1.5 : 0)) * 1e6);

  const audience = scenario.subscribers / scenario.topics;
  const perSecond = Math.round(scenario.rate * audience);
  const seconds: Second[] = [];
  const population = createHistogram();
  const probes = createHistogram();
  const probed = Math.round((perSecond * Math.min(16, scenario.subscribers)) / scenario.subscribers);
  // Three seconds that take turns: encoding costs 2 ms each, and a test has hundreds of trials.
  const kinds = [1, 2, 3].map(() => ({ all: fill(perSecond, latencyNs), some: fill(probed, latencyNs) }));
  const encoded = kinds.map(({ all, some }) => ({ population: encodeHistogram(all), probes: encodeHistogram(some) }));
  const spans = phaseSpans(scenario);
  for (let at = -scenario.warmupMs / 1_000; at < scenario.durationMs / 1_000; at++) {
    const phase = spans.find(({ toMs }) => at * 1_000 < toMs);
    // A ramp has in each second the rate of its middle, which is near enough for a drawing.
    const share = phase === undefined ? 1 : (phase.startRate + phase.endRate) / 2 / scenario.rate;
    const kind = seconds.length % kinds.length;
    if (at >= 0) {
      population.add(kinds[kind]!.all);
      probes.add(kinds[kind]!.some);
    }
    const [sent, delivered] = [scenario.rate * share, perSecond * share];
    seconds.push({ atSecond: at, published: sent, delivered, errors: 0, reconnects: 0, ...encoded[kind]! });
  }
  const lag = fill((scenario.rate * scenario.durationMs) / 1_000, () => Math.round(60_000 + 250_000 * next() ** 4));
  const published = (scenario.rate * scenario.durationMs) / 1_000;
  const counts: LedgerCounts = {
    published,
    expected: published * audience,
    delivered: published * audience,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    late: 0,
    corrupt: 0,
  };
  const rss = (48 + 20 * next()) * 2 ** 20;
  const cpuUs = (polls ? 30 : 12) * (1 + 0.05 * normal());
  return {
    schemaVersion: SCHEMA_VERSION,
    status: "complete",
    trial: {
      index,
      repetition,
      server: server.name,
      transport: server.transport,
      library: { name: server.library ?? "node:http", version: "20.20.2" },
      seed,
      startedAt: "2026-01-02T03:04:05.000Z",
      durationMs: scenario.durationMs + 6_000,
    },
    scenario,
    generator: [
      { role: "publisher", subscribers: 0, elu: 0.03 },
      { role: "probes", subscribers: 16, elu: 0.12 },
      { role: "subscribers", subscribers: scenario.subscribers - 16, elu: 0.3 + 0.1 * next() },
    ].map((process, n) => ({
      role: process.role as "publisher" | "probes" | "subscribers",
      pid: 1_000 + n,
      subscribers: process.subscribers,
      elu: process.elu,
      loopDelayMs: { p50: 1.1, p99: 2.4, max: 6 },
      cpuCores: process.elu,
      runqWaitMs: 12,
      rssBytes: 60 * 2 ** 20,
    })),
    metrics: {
      ...percentiles("delivery_latency_ms", probes),
      ...percentiles("delivery_latency_incl_loss_ms", probes),
      ...percentiles("population_latency_ms", population),
      ...percentiles("publish_lag_ms", lag),
      "connect_latency_ms.p50": 1.2,
      "connect_latency_ms.p99": 6.4,
      messages_published: counts.published,
      messages_expected: counts.expected,
      messages_delivered: counts.delivered,
      messages_lost: 0,
      messages_duplicated: 0,
      messages_reordered: 0,
      messages_late: 0,
      messages_corrupt: 0,
      publish_rate: scenario.rate,
      delivery_rate: perSecond * (1 + 0.001 * normal()),
      publish_achieved: 1,
      bytes_down_per_delivery: scenario.payloadBytes + (polls ? 260 : server.transport.startsWith("sse") ? 42 : 4),
      bytes_up_per_delivery: polls ? 90 : 0.4,
      ...(polls ? { requests_per_delivery: 0.05 } : {}),
      server_cpu_us_per_delivery: cpuUs,
      server_cpu_cores: (cpuUs * perSecond) / 1e6,
      server_rss_bytes: rss,
      server_pss_bytes: rss * 0.9,
      server_uss_bytes: rss * 0.8,
      server_fds: scenario.subscribers + 22,
      generator_elu: 0.35,
      generator_probe_elu: 0.12,
    },
    deliveryLatencySource: { p50: "probes", p90: "probes", p95: "probes", p99: "probes", max: "probes" },
    histograms: {
      delivery: encodeHistogram(probes),
      population: encodeHistogram(population),
      publish_lag: encodeHistogram(lag),
    },
    seconds,
    samples: samplesOf(scenario, rss, (cpuUs * perSecond) / 1e6, next),
    events: [
      { atSecond: -scenario.warmupMs / 1_000, kind: "phase", text: "warm-up" },
      { atSecond: 0, kind: "phase", text: "measure" },
    ],
    ...(scenario.phases === undefined ? {} : { phases: phasesOf(scenario, probes, population, rss, cpuUs) }),
    ledger: { window: counts, whole: counts },
    steadiness: {
      warmup: { verdict: "too-short", seconds: 0 },
      extended: 0,
      window: {
        verdict: "steady",
        seconds: scenario.durationMs / 1_000,
        slope: { value: 0.001, low: -0.004, high: 0.006 },
        firstThirdUs: cpuUs,
        lastThirdUs: cpuUs * 1.01,
        change: { value: 0.01, low: -0.02, high: 0.04 },
      },
    },
    validity: { valid: true, reasons: [] },
  };
}

/** Each with the latencies of the whole window, twice as long where its rate is above the mean. */
function phasesOf(scenario: Scenario, probes: Histogram, population: Histogram, rss: number, cpuUs: number): PhaseMeasurement[] {
  return phaseSpans(scenario).map((span) => {
    const published = dueInPhase(span);
    const busy = span.endRate > scenario.rate;
    const own = percentiles("delivery_latency_ms", probes);
    return {
      name: span.name,
      startRate: span.startRate,
      endRate: span.endRate,
      fromSecond: span.fromMs / 1_000,
      toSecond: span.toMs / 1_000,
      metrics: {
        ...Object.fromEntries(Object.entries(own).map(([name, ms]) => [name, busy ? 2 * ms : ms])),
        messages_published: published,
        messages_expected: (published * scenario.subscribers) / scenario.topics,
        messages_delivered: (published * scenario.subscribers) / scenario.topics,
        messages_lost: 0,
        delivery_backlog: busy ? 120 : 0,
        publish_rate: published / (span.durationMs / 1_000),
        server_cpu_us_per_delivery: cpuUs,
        server_uss_bytes: rss * 0.8,
      },
      deliveryLatencySource: { p50: "probes", p99: "probes" },
      histograms: { delivery: encodeHistogram(probes), population: encodeHistogram(population) },
      steadiness: { verdict: span.startRate === span.endRate ? "steady" : "varied", seconds: 0 },
    };
  });
}

function samplesOf(scenario: Scenario, rss: number, cores: number, next: () => number): ResourceSample[] {
  const samples: ResourceSample[] = [];
  for (let at = -scenario.warmupMs / 1_000 - 1; at <= scenario.durationMs / 1_000 + 2; at++) {
    const busy = at > -scenario.warmupMs / 1_000 && at <= scenario.durationMs / 1_000;
    samples.push({
      atSecond: at,
      ...(samples.length > 0 ? { serverCpuCores: busy ? cores * (0.9 + 0.2 * next()) : 0.002 } : {}),
      serverRssBytes: rss * (1 + 0.01 * next()),
      serverUssBytes: rss * 0.8 * (1 + 0.01 * next()),
      serverLoopDelayP99Ms: 1.2 + 0.1 * (samples.length % 5),
      serverLoopDelayMaxMs: 2.5 + 0.4 * (samples.length % 5),
      serverFds: at > scenario.durationMs / 1_000 ? 22 : scenario.subscribers + 22,
    });
  }
  return samples;
}

function fill(count: number, sample: () => number): Histogram {
  const histogram = createHistogram();
  for (let i = 0; i < count; i++) histogram.record(Math.max(1_000, sample()));
  return histogram;
}

/** In ms, and only where ten values lie beyond (METHOD R9), as a real measurement has them. */
function percentiles(name: string, histogram: Histogram): Record<string, number> {
  const entries = Object.entries(PERCENTILES)
    .filter(([, q]) => q === 1 || histogram.count * (1 - q) >= 10 - 1e-9)
    .map(([percentile, q]) => [`${name}.${percentile}`, (histogram.quantile(q) ?? 0) / 1e6] as const);
  return Object.fromEntries(entries);
}
