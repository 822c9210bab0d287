/** The one clock of a host: `process.hrtime`, which every process on it shares (METHOD R5). */

// `performance.now()` reads the same clock as `process.hrtime`, from an origin of its own and without allocating; the offset between
// the two is constant, so it is taken once. The smallest of a few differences is the one that no preemption stretched.
const offsetNs = Math.min(
  ...Array.from({ length: 16 }, () => {
    const before = performance.now();
    return Number(process.hrtime.bigint()) - before * 1e6;
  }),
);

/**
 * Monotonic time in ns, comparable between the processes of a host. A double holds it exactly up to 104 days of uptime and to
 * within 4 ns for a year.
 */
export function nowNs(): number {
  return performance.now() * 1e6 + offsetNs;
}

/** Steps of the clock that are looked at, and readings after which it is given up. */
const STEPS = 100;
const READINGS = 100_000;

/** The smallest difference between readings one after another that is not none, in ns; Infinity where the clock stands. */
export function clockStepNs(read: () => number = nowNs): number {
  let smallest = Infinity;
  let last = read();
  for (let steps = 0, readings = 0; steps < STEPS && readings < READINGS; readings++) {
    const now = read();
    if (now === last) continue;
    smallest = Math.min(smallest, Math.abs(now - last));
    last = now;
    steps++;
  }
  return smallest;
}
