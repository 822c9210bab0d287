/** Synthetic climbs: servers at several numbers of subscribers, some of which were taken no further. */
import type { Measurement } from "../load/measurement.ts";
import { fixtureRun, fixtureScenario } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import type { RunData } from "./run-data.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";

export interface ClimbOptions extends Omit<FixtureOptions, "scenarios"> {
  readonly name?: string;
  readonly levels?: readonly number[];
  /** Servers by the number of subscribers from which on they were not tried, and why. */
  readonly stopped?: Readonly<Record<string, readonly [from: number, reason: string]>>;
}

export const CLIMB_LEVELS = [500, 2_000, 5_000];

/** Every chart that a climb has, in the order of the page. */
export const CLIMB_CHART_NAMES = ["climb-latency", "climb-connect", "climb-cpu", "climb-memory", "climb-descriptors"];

export const BROKE = "it broke at subscribers 2,000 already: connections_lost was 3 where connections_lost == 0 was asked for";

/** `websocket-uws` at three levels, and `sse-node` at two of them. */
const TWO_SERVERS: ClimbOptions = {
  servers: [
    { name: "sse-node", transport: "sse", latencyMs: 2.6 },
    { name: "websocket-uws", transport: "websocket", library: "uWebSockets.js", latencyMs: 0.9 },
  ],
  stopped: { "sse-node": [5_000, BROKE] },
};

/** A run as `readRun` gives it. Memory a connection is 9 KiB with Node's own servers, 2 KiB with uWebSockets.js. */
export function climbRun(options: ClimbOptions = {}): RunData {
  const {
    name = "broadcast",
    levels = CLIMB_LEVELS,
    stopped = {},
    alter = (m) => m,
    ...rest
  }: ClimbOptions = { ...TWO_SERVERS, ...options };
  // Named as the suite's matrix does, in which 500 comes after 5k; in 40 s the probes hear enough for a p99.
  const scenarios = levels.map((subscribers) => {
    const text = subscribers % 1_000 === 0 ? `${subscribers / 1_000}k` : String(subscribers);
    return fixtureScenario({ name: `${name},subscribers=${text}`, subscribers, rate: 2, durationMs: 40_000, parameters: { subscribers } });
  });
  const run = fixtureRun({ ...rest, scenarios, alter: (measurement) => alter(counted(measurement)) });
  const wasMade = ({ trial, scenario }: Measurement) => !(scenario.subscribers >= (stopped[trial.server]?.[0] ?? Infinity));
  const skipped = run.measurements
    .filter((measurement) => !wasMade(measurement))
    .map(({ trial, scenario }) => ({
      index: trial.index,
      server: trial.server,
      scenario: scenario.name,
      reason: stopped[trial.server]![1],
    }));
  return { ...run, record: { ...run.record, skipped }, measurements: run.measurements.filter(wasMade) };
}

/** A climb and its summary, as every report is given them. */
export function climbReport(options?: ClimbOptions): { readonly run: RunData; readonly summary: Summary } {
  const run = climbRun(options);
  return { run, summary: summarize(run.record, run.measurements) };
}

/** With what is counted where connections are held for their own sake. */
function counted(measurement: Measurement): Measurement {
  const { subscribers } = measurement.scenario;
  const perConnection = (measurement.trial.library.name === "uWebSockets.js" ? 2 : 9) * 1_024;
  return {
    ...measurement,
    metrics: {
      ...measurement.metrics,
      connections_held: subscribers,
      connections_lost: 0,
      connect_rate: 2_000,
      server_idle_cpu_us_per_connection: 1.5,
      server_memory_per_connection_bytes: perConnection,
      kernel_memory_per_connection_bytes: 5.5 * 1_024,
      generator_memory_per_connection_bytes: 4.5 * 1_024,
      server_uss_bytes: 10 * 2 ** 20 + subscribers * perConnection,
    },
  };
}
