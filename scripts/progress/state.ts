/** Where a run stands, as its events tell it. */
import type { Measurement, Phase } from "../../load/measurement.ts";
import type { PlannedTrial, RunEvent } from "../../load/run.ts";

export interface ProgressState {
  readonly startedAtMs: number;
  readonly planned: readonly PlannedTrial[];
  /** Indices of those that were complete before the run went on. */
  readonly kept: readonly number[];
  readonly ended: readonly EndedTrial[];
  /** Indices of those that are not made. */
  readonly skipped: readonly number[];
  readonly current?: CurrentTrial;
}

export interface EndedTrial {
  readonly trial: PlannedTrial;
  readonly tookMs: number;
  /** Deliveries of each second. */
  readonly rates: readonly number[];
  readonly measurement: Measurement;
}

export interface CurrentTrial {
  readonly trial: PlannedTrial;
  readonly startedAtMs: number;
  readonly phase?: Phase;
  /** How often that phase was entered: a warm-up that is extended is entered again. */
  readonly times: number;
  readonly connected: number;
  /** Deliveries of each second so far. */
  readonly rates: readonly number[];
  readonly p99Ms?: number;
  readonly generatorElu: number;
}

export function startProgress(nowMs: number): ProgressState {
  return { startedAtMs: nowMs, planned: [], kept: [], ended: [], skipped: [] };
}

/** The state after one event. */
export function advance(state: ProgressState, event: RunEvent, nowMs: number): ProgressState {
  switch (event.kind) {
    case "planned":
      return { ...state, planned: event.trials, kept: event.kept };
    case "replanned":
      return { ...state, planned: event.trials };
    case "trial-started":
      return { ...state, current: begin(event.trial, nowMs) };
    case "phase":
      return { ...state, current: enter(state.current ?? begin(event.trial, nowMs), event.phase) };
    case "second": {
      const { p99Ms: _before, ...current } = state.current ?? begin(event.trial, nowMs);
      const { connected, delivered, generatorElu, p99Ms } = event;
      const rates = [...current.rates, delivered];
      return { ...state, current: { ...current, connected, generatorElu, rates, ...(p99Ms === undefined ? {} : { p99Ms }) } };
    }
    case "experiment-started":
    case "experiment-ended":
      // They come when all trials are over.
      return state;
    case "trial-skipped":
      return { ...state, skipped: [...state.skipped, event.trial.index] };
    case "trial-ended": {
      const { current, ...rest } = state;
      const tookMs = nowMs - (current?.startedAtMs ?? nowMs);
      return {
        ...rest,
        ended: [...state.ended, { trial: event.trial, tookMs, rates: current?.rates ?? [], measurement: event.measurement }],
      };
    }
  }
}

/** Trials that are complete, have ended or are not made. */
export function doneCount({ kept, ended, skipped }: ProgressState): number {
  return kept.length + ended.length + skipped.length;
}

/**
 * Time left in ms: what the phases of the remaining trials add up to, stretched by how much longer (or shorter) the finished ones took
 * than theirs did.
 */
export function leftMs({ planned, kept, ended, skipped, current }: ProgressState, nowMs: number): number {
  const expected = (trials: readonly { readonly expectedMs: number }[]): number => trials.reduce((sum, trial) => sum + trial.expectedMs, 0);
  const doneMs = expected(ended.map(({ trial }) => trial));
  const stretch = doneMs > 0 ? ended.reduce((sum, { tookMs }) => sum + tookMs, 0) / doneMs : 1;
  const done = new Set([...kept, ...skipped, ...ended.map(({ trial }) => trial.index)]);
  const waiting = planned.filter(({ index }) => !done.has(index) && index !== current?.trial.index);
  const currentLeft = current === undefined ? 0 : Math.max(0, current.trial.expectedMs * stretch - (nowMs - current.startedAtMs));
  return expected(waiting) * stretch + currentLeft;
}

/** What of the run's time has passed, from 0 to 1. */
export function share(state: ProgressState, nowMs: number): number {
  const spent = nowMs - state.startedAtMs;
  return doneCount(state) === state.planned.length ? 1 : Math.min(1, spent / Math.max(1, spent + leftMs(state, nowMs)));
}

function enter(current: CurrentTrial, phase: Phase): CurrentTrial {
  return { ...current, phase, times: phase === current.phase ? current.times + 1 : 1 };
}

function begin(trial: PlannedTrial, nowMs: number): CurrentTrial {
  return { trial, startedAtMs: nowMs, times: 0, connected: 0, rates: [], generatorElu: 0 };
}
