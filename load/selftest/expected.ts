/** What a faithful report of known faults would say; pure. Times in ns. */

/** The value that a share `q` of the values does not pass, as HdrHistogram takes it: value number ⌈q·n⌉ in their order. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1]!;
}

/** How finely an interval is laid out. */
const STEPS = 40;

/** Latencies at pollers whose next poll comes anywhere within an interval after the message is there to be had. */
export function polledWithin(latenciesNs: readonly number[], intervalNs: number): number[] {
  return latenciesNs.flatMap((latency) => Array.from({ length: STEPS }, (_, i) => latency + ((i + 0.5) / STEPS) * intervalNs));
}

/** Latencies of messages due at these times, where a server that stood still takes what came meanwhile once it goes on (METHOD R1). */
export function latenciesOfStalls(dueNs: readonly number[], stallsNs: readonly (readonly [beginNs: number, endNs: number])[]): number[] {
  return dueNs.map((due) => {
    const stall = stallsNs.find(([begin, end]) => due >= begin && due < end);
    return stall === undefined ? 0 : stall[1] - due;
  });
}

/** What messages due at these times wait where the first one opens a batch, which is sent once `batchNs` have passed. */
export function heldInBatches(dueNs: readonly number[], batchNs: number): number[] {
  let sentNs = -Infinity;
  return dueNs.map((due) => {
    if (due > sentNs) sentNs = due + batchNs;
    return sentNs - due;
  });
}

/** Draws a list of delays in ms; `random` is uniform in [0, 1). */
export type Distribution = (random: () => number) => number;

export const constant =
  (ms: number): Distribution =>
  () =>
    ms;

/** The second of two in so many of a hundred. */
export const twoModes =
  (ms: number, otherMs: number, share: number): Distribution =>
  (random) =>
    random() < share ? otherMs : ms;

/** Its logarithm is normal with `sigma` about that of the median (Box and Muller, 1958). */
export const logNormal =
  (medianMs: number, sigma: number): Distribution =>
  (random) =>
    medianMs * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
