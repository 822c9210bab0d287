import type { GeneratorProcess, Steadiness, TrialSteadiness } from "../measurement.ts";

/** What a trial knows of itself that bears on whether its figures can be believed. */
export interface ValidityFacts {
  readonly generator: readonly GeneratorProcess[];
  readonly windowMs: number;
  /** p99 of publish lag, and of the headline latency; absent where nothing was published or delivered. */
  readonly lagP99Ms?: number;
  readonly deliveryP99Ms?: number;
  readonly published: number;
  readonly intended: number;
  /** Messages the server did not take, with its reason. */
  readonly refused: number;
  /** Messages that the server had not taken from the publisher when the window ended. */
  readonly unsent: number;
  /** Control ports that did not say in time how much they took. */
  readonly unanswered: number;
  readonly refusedReason?: string;
  readonly clockErrors: number;
  /** The smallest difference between two readings of the clock that is not none, in ns. */
  readonly clockStepNs: number;
  readonly overflow: number;
  /** Share of the host's CPU time that the hypervisor took. */
  readonly steal?: number;
  /** Cores that neither the server nor pushbench used, and how many there are; absent where the server's use is not known. */
  readonly foreign?: { readonly cores: number; readonly of: number };
  /** Times the cgroup was throttled in the window. */
  readonly throttled?: number;
  readonly samplesDue: number;
  readonly samplesTaken: number;
  /** Descriptors that the server did not give back, and connections it still counts. */
  readonly leakedFds?: number;
  readonly heldConnections?: number;
  /** Subscribers asked as soon as they were answered. */
  readonly closedLoop: boolean;
  /** They were served in the order in which they asked again. */
  readonly asksAgain: boolean;
  /** What is limited in number, and how much of it was in use at most. */
  readonly room: readonly RoomUse[];
  /** The shown percentiles (p50, p99) that nobody had deliveries enough for, and how many there were. */
  readonly absentPercentiles: readonly string[];
  readonly deliveries: number;
  /** The shown percentiles (p50, p99) that could not be had from the probes. */
  readonly fromPopulation: readonly string[];
  /** Of a target that does not speak the contract: its name, and whether its processes were looked at. */
  readonly foreignTarget?: { readonly name: string; readonly sampled: boolean };
  readonly subscribers: number;
  /** Connections that broke once they were open, and those that were opened again. */
  readonly broken: number;
  readonly reconnects: number;
  /** Those that were to get something and got nothing at all. */
  readonly silent: number;
  /** How far two estimates of the memory slope lie apart, as a share; absent where there is none. */
  readonly memorySlopeDisagreement?: number;
  readonly steadiness: TrialSteadiness;
  /** Of the window; empty where one rate holds throughout. */
  readonly phases: readonly PhaseFacts[];
  /** What stopping the target had to say. */
  readonly stopNotes: readonly string[];
}

/** What a phase has messages enough for. */
export interface PhaseFacts {
  readonly name: string;
  readonly lagP99Ms?: number;
  readonly deliveryP99Ms?: number;
  /** Published of what was intended. */
  readonly achieved?: number;
  readonly steadiness: Steadiness;
}

/** Descriptors of a process, or ports between a client address and a server port. */
export interface RoomUse {
  /** `descriptors of a server process`. */
  readonly what: string;
  readonly used: number;
  readonly of: number;
}
