/** A run: every scenario on every server, trial after trial in an order shuffled by the seed, each saved as soon as it ends. */
import { loadCatalog } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import { readEnvironment } from "./environment.ts";
import type { Measurement, Phase, RunRecord } from "./measurement.ts";
import { SCHEMA_VERSION } from "./measurement.ts";
import { planTrials } from "./plan.ts";
import type { TrialPlan } from "./plan.ts";
import { saveMeasurement, saveRecord } from "./results.ts";
import type { SavedRun } from "./results.ts";
import { expectedTrialMs } from "./suite-time.ts";
import type { Suite } from "./suite.ts";
import { runTrial } from "./trial.ts";

export interface RunOptions {
  readonly suite: Suite;
  /** Empty or absent folder that takes `run.json` and `trials/`. */
  readonly directory: string;
  /** The command as typed, for the record. */
  readonly command: string;
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
  | { readonly kind: "planned"; readonly trials: readonly PlannedTrial[]; readonly unavailable: RunRecord["unavailable"] }
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
  | { readonly kind: "trial-ended"; readonly trial: PlannedTrial; readonly measurement: Measurement };

export type RunResult = SavedRun;

/** Runs a whole suite. A trial that fails is data; this throws where results cannot be saved, and on defects. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { suite, directory, signal, onEvent } = options;
  const [environment] = await Promise.all([readEnvironment(process.cwd()), ensureBuilt()]);
  const { trials: plans, unavailable } = planTrials(suite, await loadCatalog());
  const planned = plans.map(describe);
  onEvent({ kind: "planned", trials: planned, unavailable });

  let record: RunRecord = {
    schemaVersion: SCHEMA_VERSION,
    status: "partial",
    command: options.command,
    suite: { name: suite.name, description: suite.description, file: suite.file },
    seed: suite.seed,
    startedAt: new Date().toISOString(),
    plannedTrials: plans.length,
    unavailable,
    environment,
  };
  await saveRecord(directory, record);

  const measurements: Measurement[] = [];
  for (const [i, plan] of plans.entries()) {
    if (signal.aborted) break;
    const trial = planned[i]!;
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
    measurements.push(measurement);
    onEvent({ kind: "trial-ended", trial, measurement });
  }

  record = { ...record, status: statusOf(measurements, plans.length), endedAt: new Date().toISOString() };
  await saveRecord(directory, record);
  return { directory, record, measurements };
}

function statusOf(measurements: readonly Measurement[], planned: number): RunRecord["status"] {
  // Nothing could be run at all: that is no success.
  if (planned === 0) return "failed";
  if (measurements.length < planned || measurements.some(({ status }) => status === "partial")) return "partial";
  return measurements.some(({ status }) => status === "failed") ? "failed" : "complete";
}

function describe({ index, server, transport, scenario, repetition }: TrialPlan): PlannedTrial {
  return {
    index,
    server: typeof server === "string" ? server : server.name,
    transport,
    scenario: scenario.name,
    repetition,
    expectedMs: expectedTrialMs(scenario),
  };
}
