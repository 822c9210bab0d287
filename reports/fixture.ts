/** Synthetic runs for the tests of the reports: seeded, with real stored histograms, and with all that can go wrong in a trial. */
import { encodeHistogram } from "../load/hdr.ts";
import { createHistogram } from "../load/histogram.ts";
import type { Histogram } from "../load/histogram.ts";
import { SCHEMA_VERSION } from "../load/measurement.ts";
import type { LedgerCounts, Measurement, ResourceSample, RunRecord, Second, ValidityReason } from "../load/measurement.ts";
import { PERCENTILES } from "../load/metric.ts";
import type { Scenario } from "../load/suite.ts";
import type { RunData } from "./run-data.ts";

export interface FixtureServer {
  readonly name: string;
  readonly transport: string;
  readonly library?: string;
  /** Median of its delivery latency, ms. */
  readonly latencyMs: number;
}

export interface FixtureOptions {
  readonly servers?: readonly FixtureServer[];
  readonly scenarios?: readonly Scenario[];
  readonly trials?: number;
  readonly seed?: number;
  readonly status?: RunRecord["status"];
  /** Changes a measurement after it was made: to fail it, spoil it, take something away. */
  readonly alter?: (measurement: Measurement) => Measurement;
}

export const QUICK_SERVERS: readonly FixtureServer[] = [
  { name: "polling-node", transport: "polling", latencyMs: 480 },
  { name: "sse-node", transport: "sse", latencyMs: 2.6 },
  { name: "websocket-ws", transport: "websocket", library: "ws", latencyMs: 2.1 },
];

export const ALL_SERVERS: readonly FixtureServer[] = [
  ...QUICK_SERVERS,
  { name: "polling-uws", transport: "polling", library: "uWebSockets.js", latencyMs: 470 },
  { name: "long-polling-node", transport: "long-polling", latencyMs: 5.1 },
  { name: "long-polling-uws", transport: "long-polling", library: "uWebSockets.js", latencyMs: 3.8 },
  { name: "sse-uws", transport: "sse", library: "uWebSockets.js", latencyMs: 1.4 },
  { name: "sse-http2-node", transport: "sse-http2", latencyMs: 3.9 },
  { name: "stream-node", transport: "http-stream", latencyMs: 2.5 },
  { name: "stream-uws", transport: "http-stream", library: "uWebSockets.js", latencyMs: 1.3 },
  { name: "stream-http2-node", transport: "http-stream-http2", latencyMs: 3.7 },
  { name: "websocket-uws", transport: "websocket", library: "uWebSockets.js", latencyMs: 0.9 },
  { name: "websocket-http2-node", transport: "websocket-http2", latencyMs: 4.4 },
];

export const HOSTILE_NAME = `<img src=x onerror=alert(1)>\u001b[31m|\u202e"`;

const BASE: Scenario = {
  name: "broadcast",
  pattern: "broadcast",
  subscribers: 100,
  topics: 1,
  rate: 20,
  payloadBytes: 128,
  settleMs: 500,
  warmupMs: 2_000,
  durationMs: 10_000,
  drainMs: 2_000,
  connectRate: 500,
  pollIntervalMs: 1_000,
  heartbeatMs: 15_000,
  historyMessages: 1_024,
  backpressureBytes: 1_048_576,
  tls: false,
  instances: 1,
  thresholds: [],
  parameters: {},
};

export function fixtureScenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...BASE, ...changes };
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

/** A run as `readRun` gives it. */
export function fixtureRun(options: FixtureOptions = {}): RunData {
  const { servers = QUICK_SERVERS, scenarios = [BASE], trials = 1, seed = 7, alter = (m) => m } = options;
  const measurements: Measurement[] = [];
  for (let repetition = 1; repetition <= trials; repetition++) {
    for (const scenario of scenarios) {
      for (const server of servers) {
        const index = measurements.length + 1;
        measurements.push(alter(fixtureMeasurement(server, scenario, index, repetition, seed * 1_000 + index)));
      }
    }
  }
  return { directory: "results/2026-01-02T03-04-05Z-quick", record: fixtureRecord(options.status ?? "complete", measurements.length), measurements };
}

/** A trial that broke, with what a failed trial still has. */
export function failed(measurement: Measurement, message = "server exited with signal SIGKILL"): Measurement {
  return {
    ...measurement,
    status: "failed",
    failure: { kind: "server-exit", message },
    metrics: {},
    histograms: {},
    deliveryLatencySource: {},
    seconds: [],
    samples: [],
  };
}

/** A trial that the generator spoiled. */
export function invalid(measurement: Measurement): Measurement {
  const reason: ValidityReason = {
    code: "probe-saturated",
    severity: "invalid",
    message: "event-loop utilisation of the probes 0.71, limit 0.5",
    advice: "lower the rate, or give the generator more cores",
  };
  return { ...measurement, validity: { valid: false, reasons: [reason] } };
}

function fixtureRecord(status: RunRecord["status"], plannedTrials: number): RunRecord {
  return {
    schemaVersion: SCHEMA_VERSION,
    status,
    command: "pushbench run quick",
    suite: { name: "quick", description: "a first look", file: "load/suites/quick.yaml" },
    seed: 42,
    startedAt: "2026-01-02T03:04:05.000Z",
    endedAt: "2026-01-02T03:06:05.000Z",
    plannedTrials,
    unavailable: [],
    environment: {
      pushbench: "0.1.0",
      node: "20.20.2",
      os: "Debian GNU/Linux 12",
      kernel: "6.2.0",
      cpu: "an imagined processor",
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      descriptorsPerProcess: 1_048_576,
    },
  };
}

function fixtureMeasurement(
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
  for (let at = -scenario.warmupMs / 1_000; at < scenario.durationMs / 1_000; at++) {
    const all = fill(perSecond, latencyNs);
    const some = fill(Math.round((perSecond * Math.min(16, scenario.subscribers)) / scenario.subscribers), latencyNs);
    if (at >= 0) {
      population.add(all);
      probes.add(some);
    }
    seconds.push({
      atSecond: at,
      published: scenario.rate,
      delivered: perSecond,
      errors: 0,
      population: encodeHistogram(all),
      probes: encodeHistogram(some),
    });
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
    ledger: { window: counts, whole: counts },
    validity: { valid: true, reasons: [] },
  };
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
