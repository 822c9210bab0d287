/** A run: every scenario on every server, trial after trial in an order shuffled by the seed, each saved as soon as it ends. */
import type { Measurement, Phase, RunRecord } from "./measurement.ts";
import type { Suite } from "./suite.ts";

export interface RunOptions {
  readonly suite: Suite;
  /** Empty or absent folder that takes `run.json` and `trials/`. */
  readonly directory: string;
  /** The command as typed, for the record. */
  readonly command: string;
  /** Aborting it ends the trial within 5 s and keeps what is finished. */
  readonly signal: AbortSignal;
  onEvent(event: RunEvent): void;
}

export interface PlannedTrial {
  /** From 1, in the order of the run. */
  readonly index: number;
  readonly server: string;
  readonly transport: string;
  readonly scenario: string;
  readonly repetition: number;
  /** What its phases add up to, ms; an estimate, for boot and release take what they take. */
  readonly expectedMs: number;
}

/** What a run tells while it goes on, for whoever draws progress; drawing never reaches a measuring process. */
export type RunEvent =
  | { readonly kind: "planned"; readonly trials: readonly PlannedTrial[]; readonly unavailable: RunRecord["unavailable"] }
  | { readonly kind: "trial-started"; readonly trial: PlannedTrial }
  | { readonly kind: "phase"; readonly trial: PlannedTrial; readonly phase: Phase }
  | {
      readonly kind: "second";
      readonly trial: PlannedTrial;
      readonly connected: number;
      /** Deliveries received in this second. */
      readonly delivered: number;
      /** Of the deliveries of this second; absent when there were none. */
      readonly p99Ms?: number;
      /** Event-loop utilisation of the busiest generator process. */
      readonly generatorElu: number;
    }
  | { readonly kind: "trial-ended"; readonly trial: PlannedTrial; readonly measurement: Measurement };

export interface RunResult {
  readonly directory: string;
  readonly record: RunRecord;
  readonly measurements: readonly Measurement[];
}
