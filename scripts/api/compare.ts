/** A run compared with another saved one. */
import { readRun } from "../../load/results.ts";
import type { SavedRun } from "../../load/results.ts";
import { UsageError } from "../../load/usage-error.ts";
import type { Comparison } from "../../reports/comparison.ts";

/** As a share; above it everything would be the same. */
export const WIDEST_BAND = 10;

/** Changes that are none, as shares: 0.03 is 3 %. */
export interface Bands {
  /** Of every metric but latencies; 0.03 unless given. */
  readonly band?: number;
  /** Of latencies, which vary more; 0.25 unless given. */
  readonly latencyBand?: number;
}

/**
 * What of `head` is worse, better, the same as in `base` or cannot be told; each is a run, or its folder. Writes nothing. Throws `UsageError`
 * where a folder holds no run, or a band is no share from 0 to 10.
 */
export async function compare(base: string | SavedRun, head: string | SavedRun, bands: Bands = {}): Promise<Comparison> {
  // Loaded when it is asked for: every command of the command line knows of bands.
  const [{ compareRuns, DEFAULT_BANDS }, { summarize }] = await Promise.all([
    import("../../reports/comparison.ts"),
    import("../../reports/summary.ts"),
  ]);
  const { band = DEFAULT_BANDS.band, latencyBand = DEFAULT_BANDS.latencyBand } = bands;
  for (const [name, value] of Object.entries({ band, latencyBand })) {
    if (!(value >= 0 && value <= WIDEST_BAND))
      throw new UsageError(`${name} ${String(value)}: expected a share from 0 to ${WIDEST_BAND}, such as 0.03`);
  }
  const [left, right] = [await asRun(base), await asRun(head)].map((run) => ({ ...run, summary: summarize(run.record, run.measurements) }));
  return compareRuns(left!, right!, { band, latencyBand });
}

/** Throws `UsageError` where a folder holds no run. */
export async function asRun<Run extends SavedRun>(run: string | Run): Promise<SavedRun | Run> {
  return typeof run === "string" ? readRun(run) : run;
}
