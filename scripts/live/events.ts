/** What the live page is told, as it goes over the wire: event streams of JSON. */
import { outcomeOf } from "../progress/outcome.ts";
import type { Outcome } from "../progress/outcome.ts";
import { doneCount, leftMs, share } from "../progress/state.ts";
import type { EndedTrial, ProgressState } from "../progress/state.ts";

/** `event: progress`: where the run stands. */
export interface LiveProgress {
  readonly done: number;
  readonly planned: number;
  /** Of the run's time, from 0 to 1. */
  readonly share: number;
  readonly elapsedMs: number;
  readonly leftMs: number;
  /** The trial that runs; absent between two. */
  readonly current?: LiveTrial;
}

export interface LiveTrial {
  readonly server: string;
  readonly scenario: string;
  /** `warm-up`, with how often where it was extended. */
  readonly phase: string;
  readonly connected: number;
  /** Deliveries of the last minute, second by second. */
  readonly rates: readonly number[];
  readonly p99Ms?: number;
  /** Event-loop utilisation of the busiest process of the generator, from 0 to 1. */
  readonly generatorElu: number;
}

/** `event: trial`: one that has ended. */
export interface LiveEnded extends Pick<Outcome, "mark" | "word" | "why"> {
  readonly index: number;
  readonly server: string;
  readonly transport: string;
  readonly scenario: string;
  readonly repetition: number;
  readonly tookMs: number;
  /** Deliveries a second, p99 of the delivery latency and messages lost; what could not be had is absent. */
  readonly rate?: number;
  readonly p99Ms?: number;
  readonly lost?: number;
}

/** `event: end`: nothing follows. */
export interface LiveEnd {
  readonly status: string;
  /** Path of the report. */
  readonly report: string;
  /** What to type next. */
  readonly next: string;
}

/** Seconds of deliveries that are shown. */
const SHOWN_SECONDS = 60;

/** One event of a stream; JSON has no line ends of its own. */
export function eventText(event: string, data: object, id?: number): string {
  return `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

export function liveProgress(state: ProgressState, nowMs: number): LiveProgress {
  const { current, planned, startedAtMs } = state;
  const where = {
    done: doneCount(state),
    planned: planned.length,
    share: planned.length === 0 ? 0 : share(state, nowMs),
    elapsedMs: nowMs - startedAtMs,
    leftMs: leftMs(state, nowMs),
  };
  if (current === undefined) return where;
  const { trial, phase = "starting", times, connected, rates, p99Ms, generatorElu } = current;
  return {
    ...where,
    current: {
      server: trial.server,
      scenario: trial.scenario,
      phase: times > 1 ? `${phase} ×${times}` : phase,
      connected,
      rates: rates.slice(-SHOWN_SECONDS),
      ...(p99Ms === undefined ? {} : { p99Ms }),
      generatorElu,
    },
  };
}

export function liveEnded({ trial, tookMs, measurement }: EndedTrial): LiveEnded {
  const { mark, word, why } = outcomeOf(measurement);
  const { index, server, transport, scenario, repetition } = trial;
  const figures = Object.entries({ rate: "delivery_rate", p99Ms: "delivery_latency_ms.p99", lost: "messages_lost" }).flatMap(
    ([name, metric]) => {
      const value = measurement.metrics[metric];
      return value === undefined ? [] : [[name, value] as const];
    },
  );
  return { ...{ index, server, transport, scenario, repetition, mark, word, why, tookMs }, ...Object.fromEntries(figures) };
}
