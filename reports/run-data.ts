/** What every report is made of: a run as it was read back. */
import type { CapacityRecord } from "../load/capacity-record.ts";
import type { HistoryPoint } from "../load/history-record.ts";
import type { Measurement, RunRecord } from "../load/measurement.ts";
import type { NoiseRecord } from "../load/noise-record.ts";

export interface RunData {
  /** The run's folder, as given. */
  readonly directory: string;
  readonly record: RunRecord;
  readonly measurements: readonly Measurement[];
  /** Where the run is a capacity search: what it asked and found. */
  readonly capacity?: CapacityRecord;
  /** What such a machine shows of a version against itself; absent where nobody measured it. */
  readonly noise?: NoiseRecord;
  /** What earlier runs came to, and this one where it is kept; absent: none is looked at. */
  readonly history?: readonly HistoryPoint[];
}
