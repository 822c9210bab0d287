/** Which process holds which subscribers: a few probes spread over the connect order, the rest dealt out to workers. */

/** Subscribers whose latency is the headline (METHOD R6). */
const PROBES = 16;
/** A process keeps these descriptors for itself. */
const OWN_DESCRIPTORS = 100;
/** Subscribers that are worth a process of their own, as long as there are cores for more. */
const WORTH_A_WORKER = 2000;

export interface Shares {
  /** Indices of the connect order. */
  readonly probes: readonly number[];
  readonly workers: readonly (readonly number[])[];
}

/** Deals out subscribers 0 … `subscribers` − 1; with no more than there are probes, the probes hold them all. */
export function planShares(subscribers: number, cores: number, descriptorsPerProcess: number): Shares {
  const probeCount = Math.min(PROBES, subscribers);
  // The middle of each sixteenth, so that neither the first nor the last place of the fan-out is taken for typical.
  const probes = Array.from({ length: probeCount }, (_, k) => Math.floor(((k + 0.5) * subscribers) / probeCount));
  const isProbe = new Set(probes);
  const rest = Array.from({ length: subscribers }, (_, i) => i).filter((i) => !isProbe.has(i));
  const needed = Math.ceil(rest.length / Math.max(1, descriptorsPerProcess - OWN_DESCRIPTORS));
  const wanted = Math.min(Math.ceil(rest.length / WORTH_A_WORKER), Math.max(1, cores - 1));
  const count = Math.max(needed, wanted);
  const workers = Array.from({ length: count }, (_, w) => rest.filter((_, i) => i % count === w));
  return { probes, workers };
}
