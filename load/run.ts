/** A run: every scenario on every server, trial after trial in an order shuffled by the seed, each saved as soon as it ends. */
import { availableParallelism } from "node:os";
import { loadCatalog } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import { readEnvironment } from "./environment.ts";
import type { Measurement, Phase, RunRecord, SkippedTrial } from "./measurement.ts";
import { readLimits } from "./machine/limits.ts";
import { SCHEMA_VERSION } from "./measurement.ts";
import { planTrials } from "./plan.ts";
import type { TrialPlan } from "./plan.ts";
import { present } from "./present.ts";
import { saveMeasurement, saveRecord } from "./results.ts";
import type { SavedRun } from "./results.ts";
import { lockRun } from "./run-lock.ts";
import { goneOnWith } from "./stopped-run.ts";
import type { StoppedRun } from "./stopped-run.ts";
import { outlookOf } from "./outlook.ts";
import type { Outlook } from "./outlook.ts";
import { reasonToSkip, skipped } from "./skipping.ts";
import { expectedTrialMs } from "./suite-time.ts";
import { serverName } from "./suite.ts";
import type { Suite } from "./suite.ts";
import type { ExperimentName, ExperimentRecord } from "./textbook-record.ts";
import { runTrial } from "./trial.ts";
import { UsageError } from "./usage-error.ts";

export interface RunOptions extends Watch {
  readonly suite: Suite;
  /** Empty or absent folder that takes `run.json` and `trials/`. */
  readonly directory: string;
  /** The command as typed, for the record. */
  readonly command: string;
}

export interface Watch {
  /** Aborting it ends the trial within 5 s and keeps what is finished. */
  readonly signal: AbortSignal;
  onEvent(event: RunEvent): void;
}

export interface PlannedTrial {
  /** From 1, in the order of the run. */
  readonly index: number;
  readonly server: string;
  readonly transport: string;
  readonly scenario: string;
  readonly repetition: number;
  /** What its phases add up to, ms; an estimate, for boot and release take what they take. */
  readonly expectedMs: number;
}

/** What a run tells while it goes on, for whoever draws progress; drawing never reaches a measuring process. */
export type RunEvent =
  | {
      readonly kind: "planned";
      readonly trials: readonly PlannedTrial[];
      /** Indices of those that were complete before. */
      readonly kept: readonly number[];
      readonly unavailable: RunRecord["unavailable"];
      /** Of those that are still to be made. */
      readonly outlook: Outlook;
      /** What of the environment is not as it was when the run began. */
      readonly changes: readonly string[];
    }
  /** What follows depends on what came before: the trials that ended, and those that are expected. */
  | { readonly kind: "replanned"; readonly trials: readonly PlannedTrial[] }
  | { readonly kind: "trial-started"; readonly trial: PlannedTrial }
  | { readonly kind: "phase"; readonly trial: PlannedTrial; readonly phase: Phase }
  | {
      readonly kind: "second";
      readonly trial: PlannedTrial;
      readonly connected: number;
      /** Deliveries received in this second. */
      readonly delivered: number;
      /** Of the deliveries of this second; absent when there were none. */
      readonly p99Ms?: number;
      /** Event-loop utilisation of the busiest generator process. */
      readonly generatorElu: number;
    }
  | { readonly kind: "trial-skipped"; readonly trial: PlannedTrial; readonly reason: string }
  | { readonly kind: "trial-ended"; readonly trial: PlannedTrial; readonly measurement: Measurement }
  | { readonly kind: "experiment-started"; readonly name: ExperimentName }
  | { readonly kind: "experiment-ended"; readonly experiment: ExperimentRecord };

export type RunResult = SavedRun;

/**
 * Runs a whole suite. A trial that fails is data; this throws {@link UsageError} where no trial fits on this machine, and where results
 * cannot be saved, and on defects.
 */
export async function run({ suite, directory, command, ...watch }: RunOptions): Promise<RunResult> {
  const environment = await readEnvironment(process.cwd());
  const { trials: plans, unavailable } = planTrials(suite, await loadCatalog());
  const { misfits } = outlookOf(plans);
  // Nothing is begun of a run that can do nothing.
  if (misfits.length > 0 && misfits.length === plans.length) {
    const { server, scenario, reason } = misfits[0]!;
    throw new UsageError(
      `${server} · ${scenario}: ${reason}; ask for fewer subscribers: \`pushbench doctor\` tells what this machine carries`,
    );
  }
  const record: RunRecord = {
    schemaVersion: SCHEMA_VERSION,
    status: "partial",
    command,
    suite,
    seed: suite.seed,
    startedAt: new Date().toISOString(),
    plannedTrials: plans.length,
    unavailable,
    environment,
  };
  return runTrials({ directory, record, plans, kept: [] }, watch);
}

/** Goes on with a run that was stopped: the same trials in the same order, but for those that are complete. Throws as {@link run} does. */
export async function resumeRun({ record, ...stopped }: StoppedRun, watch: Watch): Promise<RunResult> {
  return runTrials({ ...stopped, record: await goneOnWith(record, stopped.kept.length) }, watch);
}

async function runTrials({ directory, record: begun, plans, kept }: StoppedRun, { signal, onEvent }: Watch): Promise<RunResult> {
  await ensureBuilt();
  const unlock = await lockRun(directory);
  try {
    const planned = plans.map(describePlan);
    const changes = begun.resumed?.at(-1)?.changes ?? [];
    const done = new Set(kept.map(({ trial }) => trial.index));
    const left = plans.filter(({ index }) => !done.has(index));
    const outlook = outlookOf(left);
    onEvent({ kind: "planned", trials: planned, kept: [...done], unavailable: begun.unavailable, changes, outlook });
    await saveRecord(directory, begun);

    const measurements = [...kept];
    const leftOut: SkippedTrial[] = [];
    const startedMs = performance.now();
    for (const plan of plans) {
      if (done.has(plan.index)) continue;
      if (signal.aborted) break;
      const reason = reasonToSkip(plan, begun.suite, {
        limits: readLimits(),
        cores: availableParallelism(),
        measurements,
        elapsedMs: performance.now() - startedMs,
      });
      if (reason !== undefined) {
        leftOut.push(skipped(plan, reason));
        onEvent({ kind: "trial-skipped", trial: describePlan(plan), reason });
        continue;
      }
      const measurement = await runWatched(plan, directory, { signal, onEvent });
      measurements.push(measurement);
    }

    measurements.sort((a, b) => a.trial.index - b.trial.index);
    const asked = begun.suite.textbook === true;
    const experiments = asked ? await experimentsOf(begun, directory, { signal, onEvent }) : undefined;
    const status = statusOf(measurements, plans.length - leftOut.length);
    const record: RunRecord = {
      ...begun,
      // Trials that are all made do not make a run whole whose experiments are not.
      status: asked && signal.aborted && status === "complete" ? "partial" : status,
      endedAt: new Date().toISOString(),
      ...present({ skipped: leftOut.length === 0 ? undefined : leftOut, experiments }),
    };
    await saveRecord(directory, record);
    return { directory, record, measurements };
  } finally {
    await unlock();
  }
}

/** Each told of, and saved as it ends. */
async function experimentsOf(begun: RunRecord, directory: string, { signal, onEvent }: Watch): Promise<readonly ExperimentRecord[]> {
  // Their clients are in no memory while trials run.
  const { makeExperiments } = await import("./textbook.ts");
  return makeExperiments(begun.experiments ?? [], {
    signal,
    started: (name) => onEvent({ kind: "experiment-started", name }),
    async ended(experiment, experiments) {
      await saveRecord(directory, { ...begun, experiments });
      onEvent({ kind: "experiment-ended", experiment });
    },
  });
}

/** One trial, told of as it goes on, and saved as it ends. */
export async function runWatched(plan: TrialPlan, directory: string, { signal, onEvent }: Watch): Promise<Measurement> {
  const trial = describePlan(plan);
  onEvent({ kind: "trial-started", trial });
  const measurement = await runTrial(plan, {
    signal,
    onPhase: (phase) => onEvent({ kind: "phase", trial, phase }),
    onSecond({ delivered, latency, elu }, connected) {
      const p99 = latency.quantile(0.99);
      const figures = { connected, delivered, generatorElu: elu, ...(p99 === undefined ? {} : { p99Ms: p99 / 1e6 }) };
      onEvent({ kind: "second", trial, ...figures });
    },
  });
  await saveMeasurement(directory, measurement);
  onEvent({ kind: "trial-ended", trial, measurement });
  return measurement;
}

function statusOf(measurements: readonly Measurement[], planned: number): RunRecord["status"] {
  // Nothing could be run at all: that is no success.
  if (planned === 0) return "failed";
  if (measurements.length < planned || measurements.some(({ status }) => status === "partial")) return "partial";
  return measurements.some(({ status }) => status === "failed") ? "failed" : "complete";
}

export function describePlan({ index, server, transport, scenario, repetition }: Omit<TrialPlan, "seed">): PlannedTrial {
  return {
    index,
    server: serverName(server),
    transport,
    scenario: scenario.name,
    repetition,
    expectedMs: expectedTrialMs(scenario),
  };
}
