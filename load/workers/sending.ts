/** The subscribers of a worker as publishers: each message of theirs goes up when it is due, while the event loop goes on receiving. */
import { setTimeout as delay } from "node:timers/promises";
import type { Emitted, SubscriberAssignment, SubscriberReport, TrialTimes } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { writeEnvelope } from "../envelope.ts";
import type { Placement } from "../placement.ts";
import type { Upward } from "../transport.ts";
import { createAlarm } from "./alarm.ts";
import { createEmission } from "./emission.ts";
import { LARGEST_BATCH, STUCK_BYTES } from "./stream-outlet.ts";

/** How often it is looked whether the server still takes what is sent. */
const LOOK_NS = 100e6;
/** How long what was written last may take to leave this process, which over HTTP/2 it does only once the event loop has turned. */
const LEAVES_WITHIN_NS = 100e6;

export interface Sending {
  readonly assignment: Pick<SubscriberAssignment, "indices" | "seed">;
  readonly workload: NonNullable<SubscriberAssignment["sending"]>;
  readonly placement: Pick<Placement, "topicOf">;
  readonly times: TrialTimes;
  readonly latestEndNs: number;
  /** The way up of the subscriber at a place of `indices`, while it is open. */
  upOf(slot: number): Upward | undefined;
  report(message: SubscriberReport): void;
}

export interface Sender {
  /** All that was sent, once the window has ended: every message is either sent or counted as not published. */
  readonly sent: Promise<Emitted>;
  /** The window is later; it has not begun. */
  postpone(times: TrialTimes): void;
}

/** Sends the whole schedule of these subscribers. */
export function sendMessages({ assignment, workload, placement, times, latestEndNs, upOf, report }: Sending): Sender {
  const { indices, seed } = assignment;
  const slotOf = new Map(indices.map((index, slot) => [placement.topicOf(index), slot]));
  const message = Buffer.alloc(workload.payloadBytes);
  const emission = createEmission({
    arrivals: { ...workload, seed },
    times,
    latestEndNs,
    sends: (topic) => slotOf.has(topic),
    second: (atSecond, published) => report({ kind: "sending", atSecond, published }),
  });
  let { endNs } = times;
  let lookNs = 0;
  let stuck = false;

  const unsentBytes = (): number => indices.reduce((sum, _, slot) => sum + (upOf(slot)?.unsentBytes() ?? 0), 0);

  function sendDue(): void {
    for (let sent = 0; sent < LARGEST_BATCH; sent++) {
      const sentNs = nowNs();
      emission.turn(sentNs);
      if (emission.dueNs > sentNs) return;
      if (sentNs >= lookNs) {
        stuck = unsentBytes() > STUCK_BYTES;
        lookNs = sentNs + LOOK_NS;
      }
      const { topic, dueNs } = emission;
      const up = stuck ? undefined : upOf(slotOf.get(topic)!);
      if (up === undefined) {
        emission.skip();
        continue;
      }
      const sequence = emission.take();
      writeEnvelope(message, 0, message.length, topic, sequence, dueNs, Math.round(sentNs));
      emission.written(topic, sequence, dueNs, sentNs);
      up.send(message);
    }
  }

  let done: (result: Emitted) => void;
  const sent = new Promise<Emitted>((resolve) => (done = resolve));
  const alarm = createAlarm(() => {
    sendDue();
    if (emission.dueNs < Infinity || nowNs() < endNs) {
      wait();
    } else {
      alarm.stop();
      void finish();
    }
  });
  async function finish(): Promise<void> {
    for (const giveUpNs = nowNs() + LEAVES_WITHIN_NS; unsentBytes() > 0 && nowNs() < giveUpNs;) await delay(1);
    done(emission.finish(Math.ceil(unsentBytes() / message.length)));
  }
  const wait = (): void => alarm.set(emission.dueNs < Infinity ? emission.dueNs : endNs);
  wait();
  return {
    sent,
    postpone(later) {
      ({ endNs } = later);
      emission.postpone(later);
      wait();
    },
  };
}
