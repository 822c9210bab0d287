/** What one process has to send: which message is due next, its number, and the account of them all. */
import type { Emitted, TrialTimes } from "../assignment.ts";
import { createPhaseCursor } from "../phase-cursor.ts";
import { phaseEndsNs } from "../rate-profile.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import type { Arrivals } from "../schedule.ts";
import type { Written } from "./outlet.ts";
import { createPublishTally } from "./publish-tally.ts";
import type { PublishedInSecond } from "./publish-tally.ts";

export interface EmissionPlan {
  readonly arrivals: Arrivals;
  readonly times: TrialTimes;
  /** The last moment at which a window that is postponed may end. */
  readonly latestEndNs: number;
  /** Whether this process is to send the messages of a topic. */
  sends(topic: number): boolean;
  readonly second: PublishedInSecond;
}

export interface Emission {
  /** When the next message is due, in ns; Infinity when none is left. */
  readonly dueNs: number;
  /** Its topic. */
  readonly topic: number;
  /** Answers its sequence number, and goes on to the one after it. */
  take(): number;
  /** Goes on without it: it is counted as not published. */
  skip(): void;
  /** To be told of each message that was taken, when it is written. */
  readonly written: Written;
  /** The window is later; none of what is due in it was taken. */
  postpone(times: TrialTimes): void;
  /** It is `nowNs`: a second that has ended is told. */
  turn(nowNs: number): void;
  /** The account, once nothing is left; `unsent` messages were written and have not left this process. */
  finish(unsent: number): Emitted;
}

export function createEmission({ arrivals, times, latestEndNs, sends, second }: EmissionPlan): Emission {
  const { startNs } = times;
  let { zeroNs } = times;
  let schedule = createSchedule(arrivals, latestEndNs - startNs, zeroNs - startNs);
  const numberAt = (ns: number): number => firstDueFrom(schedule, ns - startNs);
  let firstInWindow = numberAt(times.zeroNs);
  let count = numberAt(times.endNs);
  const sequences = new Float64Array(arrivals.topics);
  const ends = phaseEndsNs(arrivals.phases ?? []);
  const tally = createPublishTally(arrivals.topics, times, ends, second);
  const phaseAt = createPhaseCursor(ends);
  const intended = { window: 0, whole: 0, phases: ends.map(() => 0) };
  let next = 0;
  let dueNs = Infinity;
  let topic = 0;

  function advance(): void {
    next++;
    seek();
  }

  /** The first message from `next` on that is this process's to send. */
  function seek(): void {
    while (next < count && !sends(schedule.topicOf(next))) next++;
    topic = schedule.topicOf(next);
    dueNs = next < count ? Math.round(startNs + schedule.dueAt(next)) : Infinity;
  }

  function skip(): void {
    intended.whole++;
    if (next >= firstInWindow) {
      intended.window++;
      if (ends.length > 0) intended.phases[phaseAt(dueNs - zeroNs)]!++;
    }
    advance();
  }

  seek();
  return {
    get dueNs() {
      return dueNs;
    },
    get topic() {
      return topic;
    },
    take() {
      const sequence = ++sequences[topic]!;
      skip();
      return sequence;
    },
    skip,
    written: tally.written,
    postpone(later) {
      ({ zeroNs } = later);
      schedule = schedule.postponed(zeroNs - startNs);
      firstInWindow = numberAt(later.zeroNs);
      count = numberAt(later.endNs);
      tally.postpone(later);
      seek();
    },
    turn: tally.turn,
    finish(unsent) {
      const { topics, lag, inWindow, whole, phases } = tally.result();
      return {
        topics,
        window: { intended: intended.window, published: inWindow },
        whole: { intended: intended.whole, published: whole },
        phases: phases.map((phase, i) => ({ intended: intended.phases[i]!, ...phase })),
        unsent,
        lag,
      };
    },
  };
}
