/** What a class of machine shows of a version against itself: kept, so that no gate has to measure it again. */
import type { GateMode } from "./gate-record.ts";

export interface NoiseRecord {
  /** See {@link machineClass}. */
  readonly machine: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly mode: GateMode;
  readonly rounds: number;
  readonly cells: readonly NoiseCell[];
}

export interface NoiseCell {
  readonly server: string;
  readonly scenario: string;
  /** By metric. */
  readonly metrics: Readonly<Record<string, Noise>>;
}

/** Standard deviations of logarithms: 0.03 is 3 %. */
export interface Noise {
  /** Of ln(head / base) from round to round. */
  readonly paired: number;
  /** Of ln(figure) from round to round, of either version alone: what a stored baseline has to bear. */
  readonly alone: number;
  readonly rounds: number;
}
