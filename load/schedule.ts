/**
 * When each message is due: arrival n → due time, fixed before the run and whatever the server does (the open model).
 *
 * Arrivals are drawn once as a process of rate 1 in units of messages, and a rate profile says when so many are due. Where that process
 * is Poisson's, so are the arrivals, at whatever rate the profile has (time rescaling by inversion of the integrated rate: Çinlar,
 * Introduction to Stochastic Processes, 1975, theorem 4.7.4; Lewis & Shedler, Naval Research Logistics Quarterly 26, 1979).
 */
import { seededRandom } from "./random.ts";
import { constantRate, phasedRate, whole } from "./rate-profile.ts";
import type { Scenario } from "./suite.ts";

export interface Schedule {
  /** Messages due before the end of the schedule. */
  readonly count: number;
  /** Due time of message n in [0, count), in ns from the start of the schedule. */
  dueAt(n: number): number;
  /** Topic number of message n: the topics take turns. */
  topicOf(n: number): number;
  /** The same arrivals with phases that begin `leadNs` after the start, later than they did: what was due before that is due when it was. */
  postponed(leadNs: number): Schedule;
}

/** How messages arrive: `rate` is their mean per second where no phases say more, `burst` how many at once where they come in bursts. */
export type Arrivals = Pick<Scenario, "arrivals" | "rate" | "burst" | "topics" | "phases"> & { readonly seed: number };

/** The schedule of these arrivals over `lengthNs`; the phases begin `leadNs` after the start, at whose rate messages are due until then. */
export function createSchedule(arrivals: Arrivals, lengthNs: number, leadNs = 0): Schedule {
  return scheduleOf(arrivals, createProcess(arrivals), lengthNs, leadNs);
}

function scheduleOf(arrivals: Arrivals, process: Process, lengthNs: number, leadNs: number): Schedule {
  const { rate, phases, topics } = arrivals;
  const profile = phases === undefined ? constantRate(rate) : phasedRate(phases, leadNs);
  const dueAt = (n: number): number => Math.round(profile.reached(process.at(n)));
  let count = process.countBefore(profile.messagesBy(lengthNs));
  // One that is due just before the end may be rounded onto it.
  while (count > 0 && dueAt(count - 1) >= lengthNs) count--;
  return { count, dueAt, topicOf: (n) => n % topics, postponed: (later) => scheduleOf(arrivals, process, lengthNs, later) };
}

/** Arrivals at a rate of one in each unit. */
interface Process {
  at(n: number): number;
  /** Arrivals before `end`. */
  countBefore(end: number): number;
}

function createProcess({ arrivals, burst, seed }: Arrivals): Process {
  switch (arrivals) {
    case "fixed":
      return inGroups(1);
    case "burst":
      return inGroups(burst);
    case "poisson":
      return poisson(seed);
  }
}

/** Messages in evenly spaced groups, each whole, the first at 0. */
function inGroups(size: number): Process {
  return {
    at: (n) => n - (n % size),
    countBefore: (end) => Math.ceil(whole(end / size)) * size,
  };
}

const BLOCK = 1024;

/** A Poisson process: gaps are independent and exponential. Only where each block of them begins is kept, for a day has many. */
function poisson(seed: number): Process {
  const begins = [0];
  const block = new Float64Array(BLOCK);
  let held = -1;

  /** Draws the arrivals of a block whose beginning is known; answers where the next one begins. */
  function draw(index: number): number {
    const random = seededRandom(seed, index * BLOCK);
    let at = begins[index]!;
    for (let i = 0; i < BLOCK; i++) block[i] = at -= Math.log(1 - random());
    held = index;
    return at;
  }

  return {
    at(n) {
      const index = Math.floor(n / BLOCK);
      while (begins.length <= index) begins.push(draw(begins.length - 1));
      if (index !== held) draw(index);
      return block[n - index * BLOCK]!;
    },
    countBefore(end) {
      while (begins.at(-1)! < end) begins.push(draw(begins.length - 1));
      const last = begins.findLastIndex((begin) => begin < end);
      if (last < 0) return 0;
      if (last !== held) draw(last);
      return last * BLOCK + block.findIndex((at) => at >= end);
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
