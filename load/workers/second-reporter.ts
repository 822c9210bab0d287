/** Tells the coordinator each second what arrived in it, empty seconds too. */
import { performance } from "node:perf_hooks";
import type { SubscriberReport, TrialTimes } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { createHistogram } from "../histogram.ts";
import type { Histogram } from "../histogram.ts";

/**
 * How long after its end a second is told. Messages are often due as a second begins: telling the last one at that very moment would
 * stand in their latencies.
 */
const TELL_AFTER_MS = 253;

export interface SecondReporter {
  /** Seconds are counted from where the window is to start at first; the first is the one the schedule starts in. */
  start(times: Pick<TrialTimes, "startNs" | "zeroNs">): void;
  /** One message, its latency as the slot of a histogram. */
  delivery(receivedNs: number, latencySlot: number): void;
  error(): void;
  /** One connection that came back. */
  reconnected(): void;
  /** Tells what has not been told, the second that has begun included. */
  stop(): void;
}

interface Counts {
  readonly atSecond: number;
  delivered: number;
  errors: number;
  reconnects: number;
  latency: Histogram;
}

export function createSecondReporter(report: (message: SubscriberReport) => void): SecondReporter {
  /** Histograms that were told and emptied, to be used again. */
  const spare: Histogram[] = [];
  /** Seconds that have ended and are not told yet. */
  const ended: Counts[] = [];
  let current = counts(0);
  let nextNs = Infinity;
  let elu = performance.eventLoopUtilization();
  let timer: NodeJS.Timeout | undefined;

  function counts(atSecond: number): Counts {
    return { atSecond, delivered: 0, errors: 0, reconnects: 0, latency: spare.pop() ?? createHistogram() };
  }

  /** Cheap, for it runs within the first delivery of a second. */
  function turn(): void {
    ended.push(current);
    current = counts(current.atSecond + 1);
    nextNs += 1e9;
  }

  function tell(): void {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, elu);
    elu = now;
    for (const { latency, ...second } of ended.splice(0)) {
      report({ kind: "second", ...second, latency: latency.toSparse(), elu: utilization });
      latency.reset();
      spare.push(latency);
    }
  }

  function tick(): void {
    while (nowNs() >= nextNs) turn();
    tell();
    timer = setTimeout(tick, (nextNs - nowNs()) / 1e6 + TELL_AFTER_MS);
  }

  return {
    start({ startNs, zeroNs }) {
      const first = Math.floor((startNs - zeroNs) / 1e9);
      current = { ...counts(first), errors: current.errors, reconnects: current.reconnects };
      nextNs = zeroNs + (first + 1) * 1e9;
      elu = performance.eventLoopUtilization();
      tick();
    },
    delivery(receivedNs, latencySlot) {
      while (receivedNs >= nextNs) turn();
      current.delivered++;
      current.latency.recordSlot(latencySlot);
    },
    error() {
      while (nowNs() >= nextNs) turn();
      current.errors++;
    },
    reconnected() {
      while (nowNs() >= nextNs) turn();
      current.reconnects++;
    },
    stop() {
      clearTimeout(timer);
      if (nextNs < Infinity) turn();
      nextNs = Infinity;
      tell();
    },
  };
}
