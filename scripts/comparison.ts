/** A run compared with another saved one. */
import { readRun } from "../load/results.ts";
import type { SavedRun } from "../load/results.ts";
import { compareRuns, DEFAULT_BANDS } from "../reports/comparison.ts";
import type { Comparison } from "../reports/comparison.ts";
import { summarize } from "../reports/summary.ts";
import type { BandFlags } from "./band-option.ts";

/** Reads `base`, a folder under results/, and compares `head` with it; throws `UsageError` where it is no run. */
export async function compareWith(base: string, head: SavedRun, bands: BandFlags): Promise<Comparison> {
  const [left, right] = [await readRun(base), head].map((run) => ({ ...run, summary: summarize(run.record, run.measurements) }));
  return compareRuns(left!, right!, {
    band: bands.band ?? DEFAULT_BANDS.band,
    latencyBand: bands.latencyBand ?? DEFAULT_BANDS.latencyBand,
  });
}
