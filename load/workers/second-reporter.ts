/** Tells the coordinator each second what arrived in it, empty seconds too. */
import { performance } from "node:perf_hooks";
import type { SubscriberReport, TrialTimes } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { createHistogram } from "../histogram.ts";

export interface SecondReporter {
  /** Seconds are counted from the window's start; the first is the one the schedule starts in. */
  start(times: TrialTimes): void;
  delivery(receivedNs: number, latencyNs: number): void;
  error(): void;
  /** Reports the second that has begun, and no more. */
  stop(): void;
}

export function createSecondReporter(report: (message: SubscriberReport) => void): SecondReporter {
  const latency = createHistogram();
  let zeroNs = 0;
  let second = 0;
  let nextNs = Infinity;
  let delivered = 0;
  let errors = 0;
  let elu = performance.eventLoopUtilization();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    const now = performance.eventLoopUtilization();
    report({
      kind: "second",
      atSecond: second,
      delivered,
      errors,
      latency: latency.toSparse(),
      elu: performance.eventLoopUtilization(now, elu).utilization,
    });
    elu = now;
    delivered = 0;
    errors = 0;
    latency.reset();
    second++;
    nextNs += 1e9;
  }

  function tick(): void {
    while (nowNs() >= nextNs) flush();
    timer = setTimeout(tick, (nextNs - nowNs()) / 1e6 + 1);
  }

  return {
    start(times) {
      zeroNs = times.zeroNs;
      second = Math.floor((times.startNs - zeroNs) / 1e9);
      nextNs = zeroNs + (second + 1) * 1e9;
      elu = performance.eventLoopUtilization();
      tick();
    },
    delivery(receivedNs, latencyNs) {
      while (receivedNs >= nextNs) flush();
      delivered++;
      latency.record(latencyNs);
    },
    error() {
      errors++;
    },
    stop() {
      clearTimeout(timer);
      if (nextNs < Infinity) flush();
      nextNs = Infinity;
    },
  };
}
