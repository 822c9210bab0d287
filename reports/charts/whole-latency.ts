/** The delivery latency of a cell: all of its complete trials in one histogram. */
import { mergeEncoded } from "../../load/hdr.ts";
import type { Histogram } from "../../load/histogram.ts";
import type { Measurement } from "../../load/measurement.ts";

/** The probes' figures where they have any, as in the headline (METHOD R6), those of all subscribers where not; in ns, merged (R4). */
export function wholeLatency(complete: readonly Measurement[]): Histogram {
  return mergeEncoded(
    complete.flatMap(({ histograms: { delivery, population } }) =>
      delivery !== undefined && delivery.count > 0 ? [delivery] : population !== undefined ? [population] : [],
    ),
  );
}
