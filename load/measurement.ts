/** The record of a trial: the only joint between what measures and what reports. */
import type { EncodedHistogram } from "./hdr.ts";
import type { Scenario, Suite, WorkloadPhase } from "./suite.ts";
import type { ExperimentRecord } from "./textbook-record.ts";

export const SCHEMA_VERSION = 1;

/** One scenario on one server, as it went. A failed trial has a `failure`, and whatever was measured before it. */
export interface Measurement {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly status: "complete" | "failed" | "partial";
  readonly failure?: Failure;
  readonly trial: TrialIdentity;
  readonly scenario: Scenario;
  /** How the subscribers were shared out, probes first. */
  readonly generator: readonly GeneratorProcess[];
  /** Metrics by the catalogue's names; what could not be had is absent, never 0. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Where each percentile of `delivery_latency_ms` was taken (METHOD R6); absent percentiles had too few deliveries (R9). */
  readonly deliveryLatencySource: LatencySources;
  /** Latencies of the measured window in ns: `delivery` (probes), `population`, `transit`, `publish_lag`, `connect`, … */
  readonly histograms: EncodedHistograms;
  /** One entry a second, warm-up included; empty seconds are present. */
  readonly seconds: readonly Second[];
  readonly samples: readonly ResourceSample[];
  /** What of it was measured in each phase of the window; absent where it has none. */
  readonly phases?: readonly PhaseMeasurement[];
  /** Where the connections were opened in steps, the first after the first hundred. */
  readonly steps?: readonly ConnectionStep[];
  /** What happened and when, for the charts: phases and errors. */
  readonly events: readonly TrialEvent[];
  readonly ledger: LedgerTotals;
  /** Absent where the trial did not get so far. */
  readonly steadiness?: TrialSteadiness;
  readonly validity: Validity;
}

/** By percentile. */
export type LatencySources = Readonly<Partial<Record<string, "probes" | "population">>>;
export type EncodedHistograms = Readonly<Record<string, EncodedHistogram>>;

export interface Failure {
  readonly kind: "target" | "worker" | "server-exit" | "connect" | "interrupted" | "internal";
  readonly message: string;
}

export interface TrialIdentity {
  /** Place in the shuffled order of the run, from 1. */
  readonly index: number;
  /** Repetition of its cell, from 1. */
  readonly repetition: number;
  readonly server: string;
  readonly transport: string;
  readonly library: { readonly name: string; readonly version: string };
  readonly seed: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
}

export interface GeneratorProcess {
  readonly role: "publisher" | "probes" | "subscribers";
  readonly pid: number;
  readonly subscribers: number;
  /** Over the measured window; absent for the publisher, whose waits block its loop on purpose. */
  readonly elu?: number;
  readonly loopDelayMs?: { readonly p50: number; readonly p99: number; readonly max: number };
  /**
   * How long it took over the messages that had come at once, each message counting once: so long the last of them waited for the
   * others, in this process. Absent where it received none.
   */
  readonly turnMs?: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
  readonly cpuCores: number;
  /** Absent where the kernel does not tell. */
  readonly runqWaitMs?: number;
  readonly rssBytes: number;
  /** Descriptors open at the end of the window. */
  readonly fds?: number;
}

/** Figures of one second; `atSecond` counts from the start of the measured window, so warm-up is negative. */
export interface Second {
  readonly atSecond: number;
  readonly published: number;
  /** Deliveries received in this second, at all subscribers. */
  readonly delivered: number;
  readonly errors: number;
  /** Connections that came back; absent in what was measured before this was told. */
  readonly reconnects?: number;
  /** Delivery latency of what all subscribers received in this second, ns. */
  readonly population: EncodedHistogram;
  /** The same at the probes. */
  readonly probes: EncodedHistogram;
}

/** One phase of the measured window: messages and latencies by due time, traffic by arrival, the server between two looks at its edges. */
export interface PhaseMeasurement extends Pick<WorkloadPhase, "name" | "startRate" | "endRate"> {
  /** From the start of the measured window. */
  readonly fromSecond: number;
  readonly toSecond: number;
  /** Those of the catalogue that can be had of a phase. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly deliveryLatencySource: LatencySources;
  /** `delivery`, `population`, `publish_lag`; one without values is absent. */
  readonly histograms: EncodedHistograms;
  /** Of its whole seconds but the first, in which what the phase before left is worked off. */
  readonly steadiness: Steadiness;
}

/** The server and the host at one moment, about once a second through all phases; read from outside the server where that is possible. */
export interface ResourceSample {
  /** From the start of the measured window, in s; negative before it. */
  readonly atSecond: number;
  /** Cores used since the previous sample; absent in the first. */
  readonly serverCpuCores?: number;
  readonly serverRssBytes?: number;
  readonly serverPssBytes?: number;
  readonly serverUssBytes?: number;
  readonly serverFds?: number;
  readonly serverThreads?: number;
  /** Time its threads waited for a core since the previous sample. */
  readonly serverRunqWaitMs?: number;
  readonly serverHeapUsedBytes?: number;
  readonly serverExternalBytes?: number;
  readonly serverElu?: number;
  /** Since the previous sample, as the server tells it. */
  readonly serverLoopDelayP99Ms?: number;
  readonly serverLoopDelayMaxMs?: number;
  readonly serverGcMs?: number;
  readonly serverConnections?: number;
  /** Kernel socket buffers of the whole host, from `/proc/net/sockstat`. */
  readonly kernelSocketBytes?: number;
  readonly hostCpuCores?: number;
  readonly hostSteal?: number;
  readonly hostPressure?: number;
}

/** What server, generator and kernel held with so many connections open and nothing published yet; what cannot be had is absent. */
export interface ConnectionStep {
  readonly connections: number;
  readonly serverUssBytes?: number;
  readonly kernelSlabBytes?: number;
  /** Of all processes that subscribe. */
  readonly generatorUssBytes?: number;
  readonly serverFds?: number;
}

export type Phase = "boot" | "connect" | "settle" | "warm-up" | "measure" | "drain" | "disconnect" | "release" | "stop";

export interface TrialEvent {
  /** From the start of the measured window, in s. */
  readonly atSecond: number;
  readonly kind: "phase" | "error";
  /** The phase that begins, or what went wrong. */
  readonly text: string;
}

/** Counts of METHOD R7; `window` is the measured window (by due time), `whole` is from subscribe to disconnect. */
export interface LedgerTotals {
  readonly window: LedgerCounts;
  readonly whole: LedgerCounts;
}

export interface LedgerCounts {
  readonly published: number;
  readonly expected: number;
  /** Unique deliveries. */
  readonly delivered: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly late: number;
  readonly corrupt: number;
}

/** Whether the server was warm, and stayed as it was (METHOD R8). */
export interface TrialSteadiness {
  /** Of the warm-up as it was last judged, half a second before the window. */
  readonly warmup: Steadiness;
  /** How often the warm-up was extended because it was not steady. */
  readonly extended: number;
  readonly window: Steadiness;
}

/** Whether the server's CPU time per delivery stayed the same from second to second. */
export interface Steadiness {
  /**
   * `too-short`: less than six whole seconds; `no-data`: less than six with both CPU time and deliveries enough; `varied`: the rate was to
   * change, and with it what a delivery costs.
   */
  readonly verdict: "steady" | "not-steady" | "too-short" | "no-data" | "varied";
  /** Seconds that it rests on; the rest is absent where they are too few. */
  readonly seconds: number;
  /** Change of ln(CPU time per delivery) a second: 0.02 is 2 % a second. */
  readonly slope?: Estimate;
  /** CPU time per delivery in the first and in the last third, in µs: geometric means of their seconds. */
  readonly firstThirdUs?: number;
  readonly lastThirdUs?: number;
  /** What the last third is more than the first, as a share of it. */
  readonly change?: Estimate;
}

/** A figure with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Validity {
  readonly valid: boolean;
  readonly reasons: readonly ValidityReason[];
}

/** Code of the reason that labels a measurement whose subscribers asked as soon as they were answered. */
export const CLOSED_LOOP = "closed_loop";

/** `invalid` spoils the measurement, `warning` marks a figure in it. */
export interface ValidityReason {
  readonly code: string;
  readonly severity: "invalid" | "warning";
  /** What was seen, with the value and the limit. */
  readonly message: string;
  /** What to change. */
  readonly advice: string;
}

/** `run.json`: what was asked for, where, and how it ended. */
export interface RunRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly status: "complete" | "partial" | "failed";
  /** The command as typed, to be repeated. */
  readonly command: string;
  /** As resolved, with what the command line chose: all that going on with the run needs. */
  readonly suite: Suite;
  readonly seed: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly plannedTrials: number;
  /** Servers that were asked for and cannot run here, with the reason. */
  readonly unavailable: readonly { readonly server: string; readonly reason: string }[];
  /** Trials that were not made, with the reason. */
  readonly skipped?: readonly SkippedTrial[];
  /** Made after the trials, where the suite asks what textbooks say. */
  readonly experiments?: readonly ExperimentRecord[];
  readonly environment: Environment;
  /** Each time the run was gone on with after a stop. */
  readonly resumed?: readonly Resumption[];
}

export interface SkippedTrial {
  /** Place in the order of the run, from 1. */
  readonly index: number;
  readonly server: string;
  readonly scenario: string;
  readonly reason: string;
}

export interface Resumption {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Trials that were complete by then. */
  readonly keptTrials: number;
  readonly environment: Environment;
  /** What of it is not as it was when the run began: `kernel 6.1.0, now 6.2.0`. */
  readonly changes: readonly string[];
}

export interface Environment {
  readonly pushbench: string;
  readonly node: string;
  readonly os: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly descriptorsPerProcess: number;
  /** Commit of the working directory, with `+dirty` when it had changes; absent outside git. */
  readonly git?: string;
  /** When that commit was made, ISO 8601, UTC. */
  readonly gitCommittedAt?: string;
  /** Absent where none is checked out, as in most of CI. */
  readonly gitBranch?: string;
}
