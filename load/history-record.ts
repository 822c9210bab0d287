/** A line of the history: what one cell of one run came to, small enough to be kept for years. */

export const HISTORY_SCHEMA_VERSION = 1;

/**
 * What is kept of a cell: figures that repeat well enough for a change to stand out (METHOD, the gate), and p99, which is asked for although
 * it does not.
 */
export const HISTORY_METRICS = [
  "server_cpu_us_per_delivery",
  "delivery_latency_ms.p50",
  "delivery_latency_ms.p99",
  "server_uss_bytes",
  "server_memory_per_connection_bytes",
  "bytes_down_per_delivery",
] as const;

export interface HistoryPoint {
  readonly schemaVersion: typeof HISTORY_SCHEMA_VERSION;
  /** When its run began, ISO 8601, UTC. */
  readonly at: string;
  /** Name of the run's folder. */
  readonly run: string;
  readonly suite: string;
  readonly server: string;
  readonly transport: string;
  readonly scenario: string;
  /** Fingerprint of all that the scenario asks for, so that only like is compared with like. */
  readonly workload: string;
  /** Of the folder the run was started in; absent outside git. */
  readonly commit?: HistoryCommit;
  readonly environment: EnvironmentClass;
  readonly valid: boolean;
  /** Complete ones, which the figures rest on. */
  readonly trials: number;
  /** By the catalogue's names; what could not be had is absent. */
  readonly metrics: Readonly<Record<string, HistoryFigure>>;
}

export interface HistoryCommit {
  /** Hexadecimal. */
  readonly id: string;
  /** Something differed from it. */
  readonly dirty: boolean;
  /** ISO 8601, UTC. */
  readonly committedAt?: string;
  readonly branch?: string;
}

/** Where figures may stand side by side: another processor, kernel or Node is another series. */
export interface EnvironmentClass {
  readonly cpu: string;
  readonly cores: number;
  /** `20`. */
  readonly node: string;
  /** `6.2`. */
  readonly kernel: string;
  readonly pushbench: string;
}

/** Over `n` trials: the median, with its interval of 95 % from six on, the range of fewer, itself of one. */
export interface HistoryFigure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** The same for a cell of a run wherever its folder was moved to, and for no other. */
export function pointIdentity({ at, suite, server, scenario }: HistoryPoint): string {
  return JSON.stringify([at, suite, server, scenario]);
}
