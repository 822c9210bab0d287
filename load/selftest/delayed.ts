import { decodeHistogram } from "../hdr.ts";
import { seededRandom } from "../random.ts";
import { PLAIN } from "./bench.ts";
import { constant, latenciesOfDelays, logNormal, twoModes } from "./expected.ts";
import type { Distribution } from "./expected.ts";
import { latencyRows, lessSound, windowOf } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";

/** Each message held back by a time drawn from a distribution. */
function delayed(name: string, distribution: Distribution): Experiment {
  return async (bench) => {
    const random = seededRandom(42);
    const ms = Array.from({ length: 997 }, () => Number(distribution(random).toFixed(3)));
    const head = { server: bench.server, fault: `each message held back: ${name}` };
    const plain = await bench.plain();
    const tried = await bench.trial({ workload: PLAIN, faults: [{ kind: "delay", ms }] });
    const { first, dueNs } = windowOf(tried);
    const encoded = plain.measurement.histograms["delivery"];
    const without = encoded === undefined ? undefined : decodeHistogram(encoded);
    const expected = latenciesOfDelays(tried.injected.delaysNs.slice(first, first + dueNs.length), (q) => without?.quantile(q) ?? NaN);
    return latencyRows(head, expected, ["p50", "p90", "p99", "p999"], tried, lessSound(plain, tried));
  };
}

export const CONSTANT_DELAY = delayed("50 ms", constant(50));
export const TWO_MODES = delayed("5 ms, or 60 ms in 20 of 100", twoModes(5, 60, 0.2));
export const LOG_NORMAL = delayed("log-normal, median 10 ms, σ 0.8", logNormal(10, 0.8));
