/**
 * The publisher: sends each message at its due time, whatever the server does, and says how late it was.
 *
 * It waits with `Atomics.wait`, which wakes within 0.1 ms where a timer takes 1; a process of its own can afford to block. Between two
 * waits it lets the event loop turn once, for the sockets and the coordinator. Where an answer must come before the next message may
 * go, the loop has to turn meanwhile too.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { PublisherAssignment, PublisherOrder, PublisherReport, PublisherResult, TrialTimes } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import type { Outlet, Written } from "./outlet.ts";
import { createPublishTally } from "./publish-tally.ts";
import { openRequestOutlet } from "./request-outlet.ts";
import { openStreamOutlet } from "./stream-outlet.ts";
import { createUsageMeter } from "./usage.ts";

/** So that orders of the coordinator are heard while nothing is due. */
const LONGEST_WAIT_MS = 20;
/** A timer of 1 ms may take this long. */
const TIMER_MS = 2;

const report = (message: PublisherReport): void => void process.send?.(message);
const usage = createUsageMeter();
const pause = new Int32Array(new SharedArrayBuffer(4));
let outlet: Outlet;
let written: Written = () => {};
let assignment: PublisherAssignment | undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (order: PublisherOrder) => {
  if (order.kind === "assign") void connect(order.assignment);
  else void publish(assignment!, order.times).then(finish);
});
report({ kind: "ready" });

async function connect(given: PublisherAssignment): Promise<void> {
  assignment = given;
  const tell: Written = (...message) => written(...message);
  try {
    outlet = await (given.foreign === undefined
      ? openStreamOutlet(given, tell, failed)
      : openRequestOutlet(given, given.foreign, tell, failed));
    report({ kind: "connected", connections: outlet.connections });
  } catch (error) {
    failed(error as Error);
  }
}

function failed(error: Error): void {
  report({ kind: "failed", message: error.message });
}

/** Runs the whole schedule; every message is either written or counted as not published. */
async function publish(given: PublisherAssignment, times: TrialTimes): Promise<PublisherResult> {
  const schedule = createSchedule(given, times.endNs - times.startNs);
  const firstInWindow = firstDueFrom(schedule, times.zeroNs - times.startNs);
  const sequences = new Float64Array(given.topics);
  const tally = createPublishTally(given.topics, times, report);
  ({ written } = tally);
  let metering = false;

  let next = 0;
  while (next < schedule.count) {
    await rest((times.startNs + schedule.dueAt(next) - nowNs()) / 1e6);
    const now = nowNs();
    if (!metering && now >= times.zeroNs) {
      usage.start();
      metering = true;
    }
    tally.turn(now);
    const { stuck } = outlet;
    let hasRoom = true;
    while (hasRoom && next < schedule.count) {
      const due = Math.round(times.startNs + schedule.dueAt(next));
      if (due > now) break;
      const topic = schedule.topicOf(next);
      next++;
      // What is due while the server takes nothing is counted as not published.
      if (!stuck) hasRoom = outlet.put(topic, ++sequences[topic]!, due, Math.round(now));
    }
    outlet.flush();
    await new Promise(setImmediate);
  }
  while (nowNs() < times.endNs) {
    await rest((times.endNs - nowNs()) / 1e6);
    await new Promise(setImmediate);
  }
  usage.stop();
  const unsent = await outlet.settle();
  const { topics, lag, inWindow, whole } = tally.result();
  return {
    topics,
    window: { intended: schedule.count - firstInWindow, published: inWindow },
    whole: { intended: schedule.count, published: whole },
    unsent,
    lag,
    usage: usage.read(),
  };
}

/** Waits for `ms` at most: with a timer while answers may come and there is time, not at all while one is waited for, else blocked. */
async function rest(ms: number): Promise<void> {
  if (ms <= 0) return;
  if (outlet.unanswered > 0 && ms > TIMER_MS) await delay(1);
  else if (outlet.waiting === 0) Atomics.wait(pause, 0, 0, Math.min(ms, LONGEST_WAIT_MS));
}

/** Tells what was published at once, for the subscribers wait for it; the server's own count comes when it comes. */
async function finish(result: PublisherResult): Promise<void> {
  report({ kind: "published", result });
  report({ kind: "answers", answers: await outlet.end() });
}
