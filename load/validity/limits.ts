/**
 * Thresholds of METHOD R6; they are not moved to make a cell pass. `npm run -s bench:validity` shows what each of them separates, and
 * docs/method.md has its table.
 */
export const LIMITS = {
  probeElu: 0.5,
  /** What the probes took over messages that came at once, p99: the larger of a time and a share of the headline's p99. */
  probeTurnMs: 3,
  probeTurnShareOfP99: 0.05,
  workerEluInflated: 0.2,
  workerEluInvalid: 0.8,
  /** p99 of publish lag, likewise. */
  lagMs: 1,
  lagShareOfP99: 0.05,
  achieved: 0.99,
  steal: 0.01,
  /** Of all cores, used by others. */
  foreignShare: 0.2,
  foreignShareNoticed: 0.1,
  memorySlopeDisagreement: 0.15,
  missingSamples: 0.1,
  runqWaitShare: 0.1,
  /** The smallest step of the clock: a hundredth of the smallest bound that the selftest holds latencies to. */
  clockStepNs: 10_000,
  /** Of descriptors, or ports. */
  roomUsed: 0.9,
} as const;
