/** A stored baseline: what a run or a gate measured of a version, to hold later runs against on the same machine. */
import type { Environment } from "./measurement.ts";

export const BASELINE_SCHEMA_VERSION = 1;

/** The file that `gate --save-baseline` writes. */
export interface Baseline {
  readonly schemaVersion: typeof BASELINE_SCHEMA_VERSION;
  readonly suite: string;
  /** Of the run or gate that it was made of, ISO 8601. */
  readonly startedAt: string;
  readonly environment: Environment;
  /**
   * By metric the change that the same version shows on such a machine from one run to the next, as a share; what was not measured is
   * absent, and no smaller δ is judged by.
   */
  readonly noiseFloor?: Readonly<Record<string, number>>;
  readonly cells: readonly BaselineCell[];
}

export interface BaselineCell {
  readonly server: string;
  readonly scenario: string;
  /** Trials or rounds that were made. */
  readonly trials: number;
  /** Those that are valid, which `values` are of. */
  readonly valid: number;
  /** Why the others are not, as the first of them says. */
  readonly reason?: string;
  /** By the catalogue's names, a value a valid trial. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Of all trials that were completed, valid or not. */
  readonly expected: number;
  /** Events in as many deliveries, by the names that a gate counts them by. */
  readonly counts: Readonly<Record<string, number>>;
}
