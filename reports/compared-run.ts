/** One of the two runs of a comparison. */
import type { RunRecord } from "../load/measurement.ts";
import type { Summary } from "./summary.ts";

export interface ComparedRun {
  /** The run's folder, as given. */
  readonly directory: string;
  readonly record: RunRecord;
  readonly summary: Summary;
}
