/** The thread that waits for an {@link createAlarm} and does nothing else. */
import { parentPort, workerData } from "node:worker_threads";
import { nowNs } from "../clock.ts";
import type { AlarmState } from "./alarm.ts";

const { armed, moment } = workerData as AlarmState;

for (let heard = 0; ;) {
  // Until a moment is set that was not rung yet.
  Atomics.wait(armed, 0, heard);
  let waitMs: number;
  do {
    heard = Atomics.load(armed, 0);
    waitMs = (moment[0]! - nowNs()) / 1e6;
    // Woken before it was time: another moment was set meanwhile, or the news of this one came only now.
  } while (waitMs > 0 && Atomics.wait(armed, 0, heard, waitMs) !== "timed-out");
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origins
  parentPort!.postMessage(undefined);
}
