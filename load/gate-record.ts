/** What a gate asked and what its rounds came to: the joint between what measures two versions and what judges them. */
import type { Environment, Failure, LedgerCounts, ValidityReason } from "./measurement.ts";
import type { Scenario } from "./suite.ts";

export const GATE_SCHEMA_VERSION = 1;

export const VERSIONS = ["base", "head"] as const;
export type VersionName = (typeof VERSIONS)[number];

/** Cores that others use from which on both versions are loaded at once: what the others do then meets both (METHOD, the gate). */
export const BUSY_CORES = 0.2;

/** `interleaved`: one version is loaded while the other rests, in turns; `duet`: both at once, each at half the rate. */
export type GateMode = "interleaved" | "duet";

/** `gate.json`. */
export interface GateRecord {
  readonly schemaVersion: typeof GATE_SCHEMA_VERSION;
  /** `partial` where it was interrupted, or its budget ended it before all rounds were made. */
  readonly status: "complete" | "partial" | "failed";
  /** The command as typed, to be repeated. */
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly seed: number;
  readonly versions: Readonly<Record<VersionName, GateVersion>>;
  readonly suite: { readonly name: string; readonly file: string };
  readonly question: GateQuestion;
  /** In the order in which a round goes through them. */
  readonly cells: readonly GateCell[];
  /** Servers that were asked for and cannot run here, with the reason. */
  readonly unavailable: readonly { readonly server: string; readonly reason: string }[];
  readonly mode: GateMode;
  /** Why that one: what was measured, or that it was asked for. */
  readonly modeReason: string;
  /** Why rounds are missing; absent where none is. */
  readonly stopped?: string;
  readonly environment: Environment;
}

/** One of the two versions, as it was asked for and as it was found. */
export interface GateVersion {
  /** As typed: a git ref, a folder or a command. */
  readonly asked: string;
  readonly kind: "ref" | "folder" | "command";
  /** Of a ref, or of a folder in git, with `+dirty` where it had changes. */
  readonly commit?: string;
}

export interface GateCell {
  readonly server: string;
  readonly transport: string;
  readonly scenario: Scenario;
}

/** How it is decided (METHOD, the gate). Shares: 0.1 is 10 %. */
export interface GateQuestion {
  /** Rounds of each cell, fixed beforehand. */
  readonly rounds: number;
  /** δ: a change that is surely larger fails. */
  readonly delta: number;
  /** Δ: a change that is surely smaller passes. */
  readonly limit: number;
  /** δ and Δ of latencies, which vary more. */
  readonly latencyDelta: number;
  readonly latencyLimit: number;
  /** Names of the catalogue. */
  readonly metrics: readonly string[];
  /** Likewise, judged in the same way and shown, and no part of the verdict: what varies too much to stop a build. */
  readonly watched?: readonly string[];
}

/** One server in both versions, started afresh, side by side: `rounds/<n>.json`. */
export interface GateRound {
  readonly schemaVersion: typeof GATE_SCHEMA_VERSION;
  /** From 1, in the order they were made. */
  readonly index: number;
  /** The rounds of the question, or those that confirm what failed in them, with another seed. */
  readonly pass: "first" | "confirmation";
  readonly server: string;
  readonly scenario: string;
  /** From 1, of its cell and pass. */
  readonly round: number;
  readonly seed: number;
  readonly mode: GateMode;
  /** Which version was started and loaded first: by chance. */
  readonly first: VersionName;
  readonly startedAt: string;
  readonly durationMs: number;
  /** Cores that neither version, nor pushbench, used while they were loaded; absent where it cannot be told. */
  readonly neighbourCores?: number;
  readonly arms: Readonly<Record<VersionName, GateArm>>;
}

/** One version in a round. */
export interface GateArm {
  readonly status: "complete" | "failed" | "partial";
  readonly failure?: Failure;
  /** Of the whole round, by the catalogue's names: counts, descriptors, memory per connection. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What it was loaded with at a time: slice i of base and slice i of head are a pair. */
  readonly slices: readonly Readonly<Record<string, number>>[];
  /** Of the whole round, warm-up included: what was due to its subscribers, and what became of it. */
  readonly ledger: LedgerCounts;
  readonly reasons: readonly ValidityReason[];
}

/** All that a gate saved. */
export interface SavedGate {
  readonly directory: string;
  readonly record: GateRecord;
  readonly rounds: readonly GateRound[];
}
