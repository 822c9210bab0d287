/** When each message is due: arrival n → due time, fixed before the run and whatever the server does (the open model). */

export interface Schedule {
  /** Messages due before the end of the schedule. */
  readonly count: number;
  /** Due time of message n in [0, count), in ns from the start of the schedule. */
  dueAt(n: number): number;
  /** Topic number of message n: the topics take turns. */
  topicOf(n: number): number;
}

/** Fixed arrivals: `rate` messages a second, evenly spaced, over `lengthNs`; every due time is computed from the start, so none drifts. */
export function fixedSchedule(rate: number, lengthNs: number, topics: number): Schedule {
  const gapNs = 1e9 / rate;
  // The last message is the last one due before the end; the tolerance keeps 50/s for 5 s at 250 whatever the rounding.
  const count = Math.ceil(lengthNs / gapNs - 1e-9);
  return {
    count,
    dueAt: (n) => Math.round(n * gapNs),
    topicOf: (n) => n % topics,
  };
}

/** First message of the schedule that is due at or after `ns`. */
export function firstDueFrom(schedule: Schedule, ns: number): number {
  let low = 0;
  let high = schedule.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (schedule.dueAt(middle) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}
