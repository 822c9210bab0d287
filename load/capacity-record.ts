/** What a capacity search asked and what it found: `capacity.json`, beside the trials that it rests on. */
import type { SCHEMA_VERSION } from "./measurement.ts";
import type { Scenario, Suite, Threshold } from "./suite.ts";

/** What of a workload may be varied, and what its level counts. */
export const VARIED = {
  connections: "connections",
  rate: "messages/s",
  payload: "B of payload",
  fanout: "subscribers a topic",
} as const;
export type Varied = keyof typeof VARIED;

/** Limits that must all hold. */
export type Slo = readonly Pick<Threshold, "metric" | "operator" | "limit">[];

export interface CapacityQuestion {
  readonly vary: Varied;
  readonly slo: Slo;
  /** The workload at which everything but the varied quantity stays; its window is that of a step. */
  readonly scenario: Scenario;
  readonly servers: Suite["servers"];
  /** The level to begin with; absent: that of the scenario. */
  readonly from?: number;
  /** No level above it is tried. */
  readonly to?: number;
  /** The longer window in which the level found must hold as well. */
  readonly confirmMs: number;
  /** What the trials of one server may take, and how many levels may be tried on it. */
  readonly maxMs: number;
  readonly maxSteps: number;
}

/**
 * What a trial says of its level: the server held it, or did not; or nothing, for the generator was the limit, something else disturbed
 * the machine, or the level does not fit it; or it could not be judged at all.
 */
export type CapacityVerdict = "holds" | "broke" | "generator" | "noise" | "machine" | "failed";

/** One trial of a search. */
export interface CapacityPoint {
  /** Index of the trial in its run. */
  readonly trial: number;
  readonly level: number;
  /** Whether it was measured in the longer window. */
  readonly confirm: boolean;
  readonly verdict: CapacityVerdict;
  /** Why it does not hold, most telling first; empty where it holds. */
  readonly reasons: readonly string[];
  /** What the trial took, from its boot to its end. */
  readonly tookMs: number;
  /** Of `delivery_latency_ms`, in ms; absent where there were too few deliveries. */
  readonly p50?: number;
  readonly p99?: number;
}

/** What a search came to. `held` and `broke` are levels: the capacity lies between them. */
export interface CapacityAnswer {
  /** The highest level that held; absent where none did. */
  readonly held?: number;
  /** The lowest level above it that broke; absent where none did. */
  readonly broke?: number;
  /** Whether `held` held in the longer window too. */
  readonly confirmed: boolean;
  /**
   * Why it went no further: it was narrowed to 5 %, or nothing broke up to the most that may be tried; or what is between could not be
   * judged for the generator, noise or the machine; or a bound of the search, an interruption, a trial that could not be judged.
   */
  readonly end: "narrowed" | "most-tried" | "generator" | "noise" | "machine" | "steps" | "time" | "interrupted" | "failed";
}

/** The levels a search may try on one server. */
export interface CapacityRange {
  readonly from: number;
  readonly min: number;
  readonly max: number;
  /** Why no more than `max` is tried. */
  readonly maxReason: string;
}

export interface ServerCapacity {
  readonly server: string;
  readonly transport: string;
  /** As asked, but for a poller, whose limits of latency have its interval added. */
  readonly slo: Slo;
  readonly range: CapacityRange;
  readonly points: readonly CapacityPoint[];
  readonly answer: CapacityAnswer;
  /** What broke first at `broke`, or what ended the search; empty where neither did. */
  readonly reasons: readonly string[];
}

export interface CapacityRecord {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly question: CapacityQuestion;
  /** By server, in the order they were searched; one that was not come to is not in it. */
  readonly servers: readonly ServerCapacity[];
}
