/**
 * How long this process takes over the messages that came at once. A message that shares a turn of the event loop waits for those read
 * before it, and that wait is this process's own, not the server's.
 */
import { nowNs } from "../clock.ts";
import { createHistogram } from "../histogram.ts";

export interface TurnMeter {
  /** A message that was read at that moment is about to be handled. */
  message(receivedNs: number): void;
  start(): void;
  stop(): void;
  /** Turns that ended between `start` and `stop`, each as often as it had messages; absent without any. */
  read(): { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
}

/** `afterReads` calls back once the loop has read from all sockets that had something. */
export function createTurnMeter(afterReads: (callback: () => void) => void = setImmediate, now: () => number = nowNs): TurnMeter {
  const spans = createHistogram();
  let measuring = false;
  let messages = 0;
  let beganNs = 0;

  function over(): void {
    if (measuring) spans.record(now() - beganNs, messages);
    messages = 0;
  }

  return {
    message(receivedNs) {
      if (messages++ > 0) return;
      beganNs = receivedNs;
      afterReads(over);
    },
    start() {
      measuring = true;
      spans.reset();
    },
    stop() {
      measuring = false;
    },
    read() {
      const ms = (q: number): number => spans.quantile(q)! / 1e6;
      return spans.count === 0 ? undefined : { p50: ms(0.5), p99: ms(0.99), max: ms(1) };
    },
  };
}
