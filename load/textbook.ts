/** The experiments of a run whose suite asks what textbooks say: one after the other, each on servers of its own. */
import type { ExperimentName, ExperimentRecord } from "./textbook-record.ts";
import { browserStreams } from "./textbook/browser-streams.ts";
import { closedEventSources } from "./textbook/closed-event-sources.ts";
import { comingBack } from "./textbook/coming-back.ts";
import { connectionPerPoll } from "./textbook/connection-per-poll.ts";
import { descriptorsExhausted } from "./textbook/descriptors-exhausted.ts";
import { inLab } from "./textbook/lab.ts";
import type { Experiment } from "./textbook/lab.ts";
import { pollHeaders } from "./textbook/poll-headers.ts";
import { roundTrips } from "./textbook/round-trips.ts";
import { websocketFrames } from "./textbook/websocket-frames.ts";

export const EXPERIMENTS: Readonly<Record<ExperimentName, Experiment>> = {
  "websocket-frames": websocketFrames,
  "poll-headers": pollHeaders,
  "coming-back": comingBack,
  "connection-per-poll": connectionPerPoll,
  "descriptors-exhausted": descriptorsExhausted,
  "round-trips": roundTrips,
  "closed-event-sources": closedEventSources,
  "browser-streams": browserStreams,
};

/** The longest takes a few seconds; a browser that is unpacked first, some more. */
const MOST_MS = 60_000;

export interface ExperimentWatch {
  /** Aborting it ends the experiment that is being made, which is in no record then. */
  readonly signal: AbortSignal;
  started(name: ExperimentName): void;
  /** With all that are made by then. */
  ended(experiment: ExperimentRecord, all: readonly ExperimentRecord[]): Promise<void>;
}

/** Makes those that `made` does not have, or has without figures. One that fails is data. */
export async function makeExperiments(made: readonly ExperimentRecord[], watch: ExperimentWatch): Promise<readonly ExperimentRecord[]> {
  const all = made.filter(({ failure }) => failure === undefined);
  for (const [name, experiment] of Object.entries(EXPERIMENTS) as [ExperimentName, Experiment][]) {
    if (all.some((each) => each.name === name)) continue;
    if (watch.signal.aborted) break;
    watch.started(name);
    const record = await makeExperiment(name, experiment, watch.signal);
    if (record === undefined) break;
    all.push(record);
    await watch.ended(record, all);
  }
  return all;
}

/** `undefined` where it was interrupted. */
async function makeExperiment(name: ExperimentName, experiment: Experiment, signal: AbortSignal): Promise<ExperimentRecord | undefined> {
  const begun = { name, startedAt: new Date().toISOString() };
  const startedMs = performance.now();
  const durationMs = (): number => performance.now() - startedMs;
  try {
    const figures = await inLab(experiment, AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]));
    return { ...begun, durationMs: durationMs(), figures };
  } catch (error) {
    if (signal.aborted) return undefined;
    const { message } = error as Error;
    const isLate = (error as Error).name === "TimeoutError";
    return { ...begun, durationMs: durationMs(), figures: {}, failure: isLate ? `it took more than ${MOST_MS / 1000} s` : message };
  }
}
