/**
 * Wakes the event loop at a moment, within 0.1 ms where a timer takes 1: a thread of its own waits with `Atomics.wait`, so that the loop
 * goes on receiving meanwhile.
 */
import { Worker } from "node:worker_threads";

/** What the two threads share. */
export interface AlarmState {
  /** Counts up when the moment is set. */
  readonly armed: Int32Array;
  /** In ns of the host's clock. */
  readonly moment: Float64Array;
}

export interface Alarm {
  /** Wakes once at `atNs`, instead of any moment set before. */
  set(atNs: number): void;
  stop(): void;
}

/** `ring` is called at each moment that was set, or as soon after it as the event loop turns. */
export function createAlarm(ring: () => void): Alarm {
  const state: AlarmState = {
    armed: new Int32Array(new SharedArrayBuffer(4)),
    moment: new Float64Array(new SharedArrayBuffer(8)),
  };
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const thread = new Worker(new URL(`./alarm-thread${ending}`, import.meta.url), { workerData: state });
  thread.unref();
  thread.on("message", ring);
  return {
    set(atNs) {
      state.moment[0] = atNs;
      Atomics.add(state.armed, 0, 1);
      Atomics.notify(state.armed, 0);
    },
    stop: () => void thread.terminate(),
  };
}
