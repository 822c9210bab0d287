/** What every report is made of: a run as it was read back. */
import type { Measurement, RunRecord } from "../load/measurement.ts";

export interface RunData {
  /** The run's folder, as given. */
  readonly directory: string;
  readonly record: RunRecord;
  readonly measurements: readonly Measurement[];
}
