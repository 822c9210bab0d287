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
import { goFirst } from "./priority.ts";
import { createEmission } from "./emission.ts";
import type { Emission } from "./emission.ts";
import type { Outlet, Written } from "./outlet.ts";
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
let times: TrialTimes;
let emission: Emission;

process.on("disconnect", () => process.exit(0));
process.on("message", (order: PublisherOrder) => {
  switch (order.kind) {
    case "assign":
      void connect(order.assignment);
      break;
    case "publish":
      void publish(assignment!, order.times, order.latestEndNs).then(finish);
      break;
    case "postpone":
      report({ kind: "postponed", inTime: postpone(order.times) });
      break;
  }
});
goFirst();
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
async function publish(given: PublisherAssignment, first: TrialTimes, latestEndNs: number): Promise<PublisherResult> {
  times = first;
  emission = createEmission({
    arrivals: given,
    times,
    latestEndNs,
    sends: () => true,
    second: (atSecond, published) => report({ kind: "second", atSecond, published }),
  });
  ({ written } = emission);
  let metering = false;

  while (emission.dueNs < Infinity || (await another())) {
    await rest((emission.dueNs - nowNs()) / 1e6);
    const now = nowNs();
    if (!metering && now >= times.zeroNs) {
      usage.start();
      metering = true;
    }
    emission.turn(now);
    const { stuck } = outlet;
    let hasRoom = true;
    while (hasRoom && emission.dueNs <= now) {
      const { topic, dueNs } = emission;
      // What is due while the server takes nothing is counted as not published.
      if (stuck) emission.skip();
      else hasRoom = outlet.put(topic, emission.take(), dueNs, Math.round(now));
    }
    outlet.flush();
    await new Promise(setImmediate);
  }
  usage.stop();
  return { ...emission.finish(await outlet.settle()), usage: usage.read() };
}

/** Waits for the end of the window, or until it is postponed and has messages of its own: says whether it has. */
async function another(): Promise<boolean> {
  while (emission.dueNs === Infinity && nowNs() < times.endNs) {
    await rest((times.endNs - nowNs()) / 1e6);
    await new Promise(setImmediate);
  }
  return emission.dueNs < Infinity;
}

/** Says whether the window had not begun. */
function postpone(later: TrialTimes): boolean {
  if (nowNs() >= times.zeroNs) return false;
  times = later;
  emission.postpone(later);
  return true;
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
