/** Synthetic runs for the tests of the reports: seeded, with real stored histograms, and with all that can go wrong in a trial. */
import { SCHEMA_VERSION } from "../load/measurement.ts";
import type { Measurement, RunRecord, ValidityReason } from "../load/measurement.ts";
import type { Scenario } from "../load/suite.ts";
import { fixtureMeasurement } from "./fixture-trial.ts";
import type { FixtureServer } from "./fixture-trial.ts";
import type { RunData } from "./run-data.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";

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

/** Every chart that such a run of one scenario has, in the order of the page. */
export const CHART_NAMES = [
  "latency-ranges",
  "generator-load",
  "publish-lag",
  "achieved-rate",
  "percentile-curves",
  "distribution",
  "delivery-rate",
  "latency-over-time",
  "heatmap",
  "cost-frontier",
  "delivery-bytes",
  "server-cpu",
  "server-memory",
  "server-descriptors",
  "loop-delay",
];

/** The same of a run with several trials. */
export const CHART_NAMES_OF_TRIALS = CHART_NAMES.flatMap((name) => (name === "achieved-rate" ? ["trial-spread", name] : name));

export const HOSTILE_NAME = `<img src=x onerror=alert(1)>\u001b[31m|\u202e"`;

const BASE: Scenario = {
  name: "broadcast",
  pattern: "broadcast",
  subscribers: 100,
  topics: 1,
  popularity: "even",
  rate: 20,
  arrivals: "fixed",
  burst: 1,
  payloadBytes: 128,
  settleMs: 500,
  warmupMs: 2_000,
  durationMs: 10_000,
  drainMs: 2_000,
  connectRate: 500,
  steps: 1,
  reconnect: "none",
  reconnectDelayMs: 1000,
  pollIntervalMs: 1_000,
  connection: "keep-alive",
  client: "lean",
  streams: 100,
  frames: "text",
  compression: false,
  heartbeatMs: 15_000,
  historyMessages: 1_024,
  backpressureBytes: 1_048_576,
  batchMs: 0,
  tls: false,
  instances: 1,
  thresholds: [],
  parameters: {},
};

/** Calm, a ramp, a spike, and calm again. */
export const SPIKE: Scenario = {
  ...BASE,
  name: "spike",
  rate: 37.5,
  durationMs: 20_000,
  phases: [
    { name: "calm", durationMs: 6_000, startRate: 20, endRate: 20 },
    { name: "ramp", durationMs: 5_000, startRate: 20, endRate: 80 },
    { name: "spike", durationMs: 2_000, startRate: 120, endRate: 120 },
    { name: "after", durationMs: 7_000, startRate: 20, endRate: 20 },
  ],
};

export function fixtureScenario(changes: Partial<Scenario> = {}): Scenario {
  return { ...BASE, ...changes };
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
  return {
    directory: "results/2026-01-02T03-04-05Z-quick",
    record: fixtureRecord(options.status ?? "complete", servers, scenarios, trials),
    measurements,
  };
}

/** A run and its summary, as every report is given them. */
export function fixtureReport(options?: FixtureOptions): { readonly run: RunData; readonly summary: Summary } {
  const run = fixtureRun(options);
  return { run, summary: summarize(run.record, run.measurements) };
}

/** Alters the trials of one server, and no others. */
export function only(server: string, alter: (measurement: Measurement) => Measurement): (measurement: Measurement) => Measurement {
  return (measurement) => (measurement.trial.server === server ? alter(measurement) : measurement);
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

function fixtureRecord(
  status: RunRecord["status"],
  servers: readonly FixtureServer[],
  scenarios: readonly Scenario[],
  trials: number,
): RunRecord {
  return {
    schemaVersion: SCHEMA_VERSION,
    status,
    command: "pushbench run quick",
    suite: {
      name: "quick",
      description: "a first look",
      file: "load/suites/quick.yaml",
      servers: servers.map(({ name }) => name),
      trials,
      seed: 42,
      allow: [],
      scenarios,
    },
    seed: 42,
    startedAt: "2026-01-02T03:04:05.000Z",
    endedAt: "2026-01-02T03:06:05.000Z",
    plannedTrials: trials * scenarios.length * servers.length,
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
