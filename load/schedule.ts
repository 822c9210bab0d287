/** When each message is due: arrival n → due time, fixed before the run and whatever the server does (the open model). */
import { seededRandom } from "./random.ts";
import type { Scenario } from "./suite.ts";

export interface Schedule {
  /** Messages due before the end of the schedule. */
  readonly count: number;
  /** Due time of message n in [0, count), in ns from the start of the schedule. */
  dueAt(n: number): number;
  /** Topic number of message n: the topics take turns. */
  topicOf(n: number): number;
}

/** How messages arrive: `rate` is their mean per second, `burst` how many at once where they come in bursts. */
export type Arrivals = Pick<Scenario, "arrivals" | "rate" | "burst" | "topics"> & { readonly seed: number };

/** The schedule of these arrivals over `lengthNs`. */
export function createSchedule({ arrivals, rate, burst, topics, seed }: Arrivals, lengthNs: number): Schedule {
  const gapNs = 1e9 / rate;
  const topicOf = (n: number): number => n % topics;
  switch (arrivals) {
    case "fixed":
      return { ...everyGap(gapNs, lengthNs, 1), topicOf };
    case "burst":
      return { ...everyGap(gapNs, lengthNs, burst), topicOf };
    case "poisson":
      return { ...poisson(gapNs, lengthNs, seed), topicOf };
  }
}

/** Messages in evenly spaced groups, each whole; every due time is computed from the start, so none drifts. */
function everyGap(gapNs: number, lengthNs: number, group: number): Omit<Schedule, "topicOf"> {
  // The last group is the last one due before the end; the tolerance keeps 50/s for 5 s at 250 whatever the rounding.
  const groups = Math.ceil(lengthNs / (gapNs * group) - 1e-9);
  return { count: groups * group, dueAt: (n) => Math.round((n - (n % group)) * gapNs) };
}

const BLOCK = 1024;

/** A Poisson process: gaps are independent and exponential. Only where each block of them begins is kept, for a day has many. */
function poisson(gapNs: number, lengthNs: number, seed: number): Omit<Schedule, "topicOf"> {
  const begins: number[] = [];
  const block = new Float64Array(BLOCK);
  let held = -1;

  /** Draws the due times of a block whose beginning is known; answers where the next one begins. */
  function draw(index: number): number {
    const random = seededRandom(seed, index * BLOCK);
    let at = begins[index]!;
    for (let i = 0; i < BLOCK; i++) block[i] = at -= Math.log(1 - random()) * gapNs;
    held = index;
    return at;
  }

  for (let begin = 0; begin < lengthNs; begin = draw(begins.length - 1)) begins.push(begin);
  return {
    // The end lies in the block drawn last.
    count: (begins.length - 1) * BLOCK + block.findIndex((at) => Math.round(at) >= lengthNs),
    dueAt(n) {
      const index = Math.floor(n / BLOCK);
      if (index !== held) draw(index);
      return Math.round(block[n - index * BLOCK]!);
    },
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
