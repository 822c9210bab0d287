/** What was published: by topic, by second, and how late. */
import type { PublisherResult, TrialTimes } from "../assignment.ts";
import { createHistogram } from "../histogram.ts";
import type { SparseCounts } from "../histogram.ts";
import type { PublishedRange, TopicPublished } from "../ledger.ts";
import { createPhaseCursor } from "../phase-cursor.ts";
import type { Written } from "./outlet.ts";

/** Told of each second of the trial once it has ended. */
export type PublishedInSecond = (atSecond: number, published: number) => void;

export interface PublishTally {
  readonly written: Written;
  /** The window is later; seconds go on as they were counted. */
  postpone(times: TrialTimes): void;
  /** It is `nowNs`: a second that has ended is told. */
  turn(nowNs: number): void;
  /** Tells of the last second. */
  result(): Pick<PublisherResult, "topics" | "lag"> & {
    readonly inWindow: number;
    readonly whole: number;
    /** One a phase of the window. */
    readonly phases: readonly { readonly published: number; readonly lag: SparseCounts }[];
  };
}

/** `phaseEndsNs` from the start of the window; none where it has no phases. */
export function createPublishTally(
  topics: number,
  given: TrialTimes,
  phaseEndsNs: readonly number[],
  second: PublishedInSecond,
): PublishTally {
  const { startNs, zeroNs: secondsFromNs } = given;
  let { zeroNs, endNs } = given;
  const last = new Float64Array(topics);
  const beforeWindow = new Float64Array(topics);
  const lag = createHistogram();
  const phaseAt = createPhaseCursor(phaseEndsNs);
  const phases = phaseEndsNs.map(() => ({ last: new Float64Array(topics), published: 0, lag: createHistogram() }));
  let inWindow = 0;
  let whole = 0;
  let atSecond = Math.floor((startNs - secondsFromNs) / 1e9);
  let inSecond = 0;

  function tell(): void {
    second(atSecond, inSecond);
    inSecond = 0;
  }

  return {
    written(topic, sequence, dueNs, sentNs) {
      last[topic] = sequence;
      whole++;
      inSecond++;
      // As a receiver sees it.
      if (dueNs < zeroNs) beforeWindow[topic] = sequence;
      else if (dueNs < endNs) {
        inWindow++;
        lag.record(sentNs - dueNs);
        const phase = phases[phaseAt(dueNs - zeroNs)];
        if (phase === undefined) return;
        phase.last[topic] = sequence;
        phase.published++;
        phase.lag.record(sentNs - dueNs);
      }
    },
    postpone(later) {
      ({ zeroNs, endNs } = later);
    },
    turn(nowNs) {
      if (nowNs < secondsFromNs + (atSecond + 1) * 1e9) return;
      tell();
      atSecond = Math.floor((nowNs - secondsFromNs) / 1e9);
    },
    result() {
      tell();
      const published = Array.from(last, (sequence, t): TopicPublished => ({
        whole: { first: 1, last: sequence },
        window: { first: beforeWindow[t]! + 1, last: sequence },
        ...(phases.length === 0
          ? {}
          : {
              phases: rangesFrom(
                beforeWindow[t]!,
                phases.map((phase) => phase.last[t]!),
              ),
            }),
      }));
      return {
        topics: published,
        lag: lag.toSparse(),
        inWindow,
        whole,
        phases: phases.map((phase) => ({ published: phase.published, lag: phase.lag.toSparse() })),
      };
    },
  };
}

/** Ranges one behind the other from the number after `before` on; a last number of 0 is that of an empty one. */
function rangesFrom(before: number, lasts: readonly number[]): PublishedRange[] {
  let last = before;
  return lasts.map((own) => {
    const first = last + 1;
    if (own > 0) last = own;
    return { first, last };
  });
}
