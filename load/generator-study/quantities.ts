/** What is compared of two generators; pure. */
import type { Measurement } from "../measurement.ts";

export const QUANTITIES = {
  sparse: { label: "CPU a delivery, alone in its read", unit: "µs", better: "lower" },
  full: { label: "CPU a delivery, full reads", unit: "µs", better: "lower" },
  memory: { label: "memory a connection", unit: "KB", better: "lower" },
  connects: { label: "connects a second", unit: "1/s", better: "higher" },
  echoes: { label: "echo round trips a CPU second", unit: "1/s", better: "higher" },
  polls: { label: "requests a CPU second", unit: "1/s", better: "higher" },
} as const;
export type Quantity = keyof typeof QUANTITIES;

/** In the units of {@link QUANTITIES}. */
export type Figures = Readonly<Partial<Record<Quantity, number>>>;

/** Fields of a scenario, as a suite has them, and what its measurement tells. */
export interface Load {
  readonly workload: Readonly<Record<string, string | number>>;
  figures(measurement: Measurement): Figures;
}

const PHASES = { settle: "100ms", warmup: "1s", duration: "2s", drain: "3s", connectRate: "1M/s" } as const;

/** A worker's thousand connections each get one message at a time; they were opened in steps. */
export const SPARSE: Load = {
  workload: { ...PHASES, subscribers: 2116, steps: 8, rate: "20/s" },
  figures: (measurement) => ({
    sparse: cpuUs(measurement, ["subscribers"]) / heardByWorkers(measurement),
    memory: measurement.metrics["generator_memory_per_connection_bytes"]! / 1000,
  }),
};

/** A worker's ten connections get hundreds of messages at once. */
export const FULL: Load = {
  workload: { ...PHASES, subscribers: 26, rate: "5k/s", arrivals: "burst", burst: 500 },
  figures: (measurement) => ({ full: cpuUs(measurement, ["subscribers"]) / heardByWorkers(measurement) }),
};

/** As many at once as the server takes; where they poll, seldom, for it is not the polls that are looked at. */
export const OPENING: Load = {
  workload: { ...PHASES, subscribers: 15_000, pollInterval: "2s", rate: "1/s", warmup: "0s", duration: "1s" },
  figures: ({ metrics }) => ({ connects: metrics["connect_rate"]! }),
};

/** Each subscriber sends and is sent its own messages, many at once, so that they are what is paid for and not the waking up for each. */
export const ECHO: Load = {
  workload: { ...PHASES, pattern: "echo", subscribers: 100, rate: "40k/s", arrivals: "burst", burst: 1000 },
  figures: (measurement) => ({
    echoes: measurement.ledger.window.delivered / (cpuUs(measurement, ["probes", "subscribers"]) / 1e6),
  }),
};

/** Asked again as soon as answered. */
export const POLLS: Load = {
  workload: { ...PHASES, subscribers: 64, rate: "1/s", pollInterval: "0" },
  figures: (measurement) => ({
    polls: (measurement.metrics["request_rate"]! * windowUs(measurement)) / cpuUs(measurement, ["probes", "subscribers"]),
  }),
};

const windowUs = ({ scenario }: Measurement): number => scenario.durationMs * 1000;

/** CPU time of the window of all processes with one of these roles. */
function cpuUs(measurement: Measurement, roles: readonly string[]): number {
  const cores = measurement.generator.filter(({ role }) => roles.includes(role)).reduce((sum, each) => sum + each.cpuCores, 0);
  return cores * windowUs(measurement);
}

/** Deliveries of the window, of a broadcast, to who is no probe. */
function heardByWorkers({ generator, ledger }: Measurement): number {
  return generator
    .filter(({ role }) => role === "subscribers")
    .reduce((sum, { subscribers }) => sum + subscribers * ledger.window.published, 0);
}
