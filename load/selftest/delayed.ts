import { decodeHistogram } from "../hdr.ts";
import { seededRandom } from "../random.ts";
import { PLAIN } from "./bench.ts";
import type { Bench, Tried } from "./bench.ts";
import { constant, logNormal, polledWithin, quantileOf, twoModes } from "./expected.ts";
import type { Distribution } from "./expected.ts";
import { latencyRows, lessSound, windowOf } from "./experiment.ts";
import type { Experiment } from "./experiment.ts";

/**
 * Each message held back by a time drawn from a distribution. What is expected is from its due time to the moment at which the server says
 * to have handed it on, so that a machine that stood still before that is no error of the report; and the way from there to the subscriber,
 * as it is in the middle of a trial with nothing wrong.
 */
function delayed(name: string, distribution: Distribution): Experiment {
  return async (bench) => {
    const random = seededRandom(42);
    const ms = Array.from({ length: 997 }, () => Number(distribution(random).toFixed(3)));
    const plain = await bench.plain();
    const wayNs = medianOf(plain) - quantileOf(availableAfter(bench, plain), 0.5);
    const tried = await bench.trial({ workload: PLAIN, faults: [{ kind: "delay", ms }] });
    const expected = availableAfter(bench, tried).map((ns) => ns + wayNs);
    const head = { server: bench.server, fault: `each message held back: ${name}` };
    return latencyRows(head, expected, ["p50", "p90", "p99", "p999"], tried, lessSound(plain, tried));
  };
}

/** From the due time of each message of the window to when it had been handed on; at a poller, to its next poll. */
function availableAfter({ transport }: Bench, tried: Tried): number[] {
  const { first, dueNs } = windowOf(tried);
  const startNs = tried.times?.startNs ?? NaN;
  const handedOn = tried.injected.delaysNs.slice(first, first + dueNs.length).map(([, atNs], i) => atNs - startNs - dueNs[i]!);
  return transport.capabilities.polls ? polledWithin(handedOn, tried.scenario.pollIntervalMs * 1e6) : handedOn;
}

function medianOf({ measurement }: Tried): number {
  const encoded = measurement.histograms["delivery"];
  return encoded === undefined ? NaN : (decodeHistogram(encoded).quantile(0.5) ?? NaN);
}

export const CONSTANT_DELAY = delayed("50 ms", constant(50));
export const TWO_MODES = delayed("5 ms, or 30 ms in 10 of 100", twoModes(5, 30, 0.1));
export const LOG_NORMAL = delayed("log-normal, median 5 ms, σ 0.6", logNormal(5, 0.6));
