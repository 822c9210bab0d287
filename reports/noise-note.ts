/** What is said of the noise of the machine, beside the figures of a run. */
import { METRICS } from "../load/metric.ts";
import type { NoiseRecord } from "../load/noise-record.ts";
import { shareText } from "./gate-text.ts";
import { floorOf } from "./gate-noise.ts";

/** What is counted to the byte has no noise worth a word. */
const LEAST_SHOWN = 0.001;

/** One sentence: what two runs of one version differ by, or how to find out. */
export function noiseNote(record: NoiseRecord | undefined): string {
  const floors = record === undefined ? [] : Object.entries(floorOf(record)).filter(([, floor]) => floor >= LEAST_SHOWN);
  if (record === undefined || floors.length === 0) {
    return "The noise floor of this machine is not known: pushbench doctor --noise measures what it shows of a version against itself.";
  }
  const told = floors.map(([metric, floor]) => `${shareText(floor)} in ${METRICS.get(metric)?.label ?? metric}`);
  return (
    `Noise floor of such a machine, measured ${record.measuredAt.slice(0, 10)} in ${record.rounds} rounds of a version against itself: two runs ` +
    `of one version may differ by ${told.join(", ")}. What differs less is no difference.`
  );
}
