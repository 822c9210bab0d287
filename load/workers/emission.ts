/** What one process has to send: which message is due next, its number, and the account of them all. */
import type { Emitted, TrialTimes } from "../assignment.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import type { Arrivals } from "../schedule.ts";
import type { Written } from "./outlet.ts";
import { createPublishTally } from "./publish-tally.ts";
import type { PublishedInSecond } from "./publish-tally.ts";

export interface EmissionPlan {
  readonly arrivals: Arrivals;
  readonly times: TrialTimes;
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
  /** It is `nowNs`: a second that has ended is told. */
  turn(nowNs: number): void;
  /** The account, once nothing is left; `unsent` messages were written and have not left this process. */
  finish(unsent: number): Emitted;
}

export function createEmission({ arrivals, times, sends, second }: EmissionPlan): Emission {
  const schedule = createSchedule(arrivals, times.endNs - times.startNs);
  const firstInWindow = firstDueFrom(schedule, times.zeroNs - times.startNs);
  const sequences = new Float64Array(arrivals.topics);
  const tally = createPublishTally(arrivals.topics, times, second);
  const intended = { window: 0, whole: 0 };
  let next = -1;
  let dueNs = Infinity;
  let topic = 0;

  function advance(): void {
    do topic = schedule.topicOf(++next);
    while (next < schedule.count && !sends(topic));
    dueNs = next < schedule.count ? Math.round(times.startNs + schedule.dueAt(next)) : Infinity;
  }

  function skip(): void {
    intended.whole++;
    if (next >= firstInWindow) intended.window++;
    advance();
  }

  advance();
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
    turn: tally.turn,
    finish(unsent) {
      const { topics, lag, inWindow, whole } = tally.result();
      return {
        topics,
        window: { intended: intended.window, published: inWindow },
        whole: { intended: intended.whole, published: whole },
        unsent,
        lag,
      };
    },
  };
}
