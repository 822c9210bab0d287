/**
 * The publisher: sends each message at its due time, whatever the server does, and says how late it was.
 *
 * It waits with `Atomics.wait`, which wakes within 0.1 ms where a timer takes 1; a process of its own can afford to block. Between two
 * waits it lets the event loop turn once, for the sockets and the coordinator.
 */
import type { PublisherAssignment, PublisherOrder, PublisherReport, PublisherResult, TrialTimes } from "../assignment.ts";
import { topicName } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { writeEnvelope } from "../envelope.ts";
import { createHistogram } from "../histogram.ts";
import type { TopicPublished } from "../ledger.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import { openPublishStream } from "./publish-stream.ts";
import type { PublishStream } from "./publish-stream.ts";
import { createUsageMeter } from "./usage.ts";

/** So that orders of the coordinator are heard while nothing is due. */
const LONGEST_WAIT_MS = 20;
/** Due messages are written together up to this many, then the loop turns. */
const LARGEST_BATCH = 512;
/** Unsent bytes at which the control port is taken for stuck: what is due then is counted as not published. */
const STUCK_BYTES = 64 * 1024 * 1024;

const report = (message: PublisherReport): void => void process.send?.(message);
const usage = createUsageMeter();
const pause = new Int32Array(new SharedArrayBuffer(4));
let streams: PublishStream[] = [];
let assignment: PublisherAssignment | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (order: PublisherOrder) => {
  if (order.kind === "assign") void connect(order.assignment);
  else void publish(assignment!, order.times).then(finish);
});
report({ kind: "ready" });

async function connect(given: PublisherAssignment): Promise<void> {
  assignment = given;
  try {
    streams = await Promise.all(given.controls.map((control) => openPublishStream(control, failed)));
    report({ kind: "connected" });
  } catch (error) {
    failed(error as Error);
  }
}

function failed(error: Error): void {
  report({ kind: "failed", message: error.message });
}

/** Runs the whole schedule; every message is either written or counted as not published. */
async function publish(given: PublisherAssignment, times: TrialTimes): Promise<PublisherResult> {
  const { topicPrefix, topics, payloadBytes } = given;
  const schedule = createSchedule(given, times.endNs - times.startNs);
  const firstInWindow = firstDueFrom(schedule, times.zeroNs - times.startNs);
  const prefixes = Array.from({ length: topics }, (_, t) => Buffer.from(`${topicName(topicPrefix, t)}\t`));
  const longestLine = prefixes.reduce((longest, { length }) => Math.max(longest, length), 0) + payloadBytes + 1;
  const batch = Buffer.alloc(longestLine * Math.max(1, Math.min(LARGEST_BATCH, Math.ceil((1024 * 1024) / longestLine))));
  const sequences = new Float64Array(topics);
  const beforeWindow = new Float64Array(topics);
  const lag = createHistogram();
  let publishedInWindow = 0;
  let published = 0;
  let second = Math.floor((times.startNs - times.zeroNs) / 1e9);
  let publishedThisSecond = 0;
  let metering = false;

  let next = 0;
  while (next < schedule.count) {
    const dueNs = times.startNs + schedule.dueAt(next);
    const waitMs = (dueNs - nowNs()) / 1e6;
    if (waitMs > 0) Atomics.wait(pause, 0, 0, Math.min(waitMs, LONGEST_WAIT_MS));
    const sentNs = nowNs();
    if (!metering && sentNs >= times.zeroNs) {
      usage.start();
      metering = true;
    }
    if (sentNs >= times.zeroNs + (second + 1) * 1e9) {
      report({ kind: "second", atSecond: second, published: publishedThisSecond });
      publishedThisSecond = 0;
      second = Math.floor((sentNs - times.zeroNs) / 1e9);
    }
    let length = 0;
    const stuck = streams.some((stream) => stream.unsentBytes > STUCK_BYTES);
    while (next < schedule.count && length + longestLine <= batch.length) {
      const due = Math.round(times.startNs + schedule.dueAt(next));
      if (due > sentNs) break;
      const topic = schedule.topicOf(next);
      const inWindow = next >= firstInWindow;
      next++;
      if (stuck) continue;
      const sequence = ++sequences[topic]!;
      if (!inWindow) beforeWindow[topic] = sequence;
      const prefix = prefixes[topic]!;
      batch.set(prefix, length);
      writeEnvelope(batch, length + prefix.length, payloadBytes, topic, sequence, due, Math.round(sentNs));
      length += prefix.length + payloadBytes;
      batch[length++] = 10;
      published++;
      publishedThisSecond++;
      if (inWindow) {
        publishedInWindow++;
        lag.record(sentNs - due);
      }
    }
    // The socket may keep the bytes past this turn, so they are copied out of the batch.
    if (length > 0) for (const stream of streams) stream.write(Buffer.from(batch.subarray(0, length)));
    await new Promise(setImmediate);
  }
  while (nowNs() < times.endNs) {
    Atomics.wait(pause, 0, 0, Math.min(LONGEST_WAIT_MS, Math.max(0, (times.endNs - nowNs()) / 1e6)));
    await new Promise(setImmediate);
  }
  usage.stop();
  const unsentBytes = Math.max(...streams.map((stream) => stream.unsentBytes));
  report({ kind: "second", atSecond: second, published: publishedThisSecond });
  return {
    topics: Array.from(sequences, (last, t): TopicPublished => ({
      whole: { first: 1, last },
      window: { first: beforeWindow[t]! + 1, last },
    })),
    window: { intended: schedule.count - firstInWindow, published: publishedInWindow },
    whole: { intended: schedule.count, published },
    unsent: Math.ceil(unsentBytes / longestLine),
    lag: lag.toSparse(),
    usage: usage.read(),
  };
}

/** Tells what was published at once, for the subscribers wait for it; the server's own count comes when it comes. */
async function finish(result: PublisherResult): Promise<void> {
  report({ kind: "published", result });
  report({ kind: "answers", answers: await Promise.all(streams.map((stream) => stream.end().catch(() => undefined))) });
}
