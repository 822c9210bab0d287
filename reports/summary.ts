/** A run in short: a cell for each server and scenario, its metrics over all trials, and whether they can be believed. */
import { CLOSED_LOOP, SCHEMA_VERSION } from "../load/measurement.ts";
import type { Failure, Measurement, PhaseMeasurement, RunRecord, SkippedTrial, ValidityReason } from "../load/measurement.ts";
import { METRICS } from "../load/metric.ts";
import type { Scenario, WorkloadPhase } from "../load/suite.ts";
import { recoveryIn } from "./recovery.ts";
import type { Recovery } from "./recovery.ts";
import { spread } from "./statistics.ts";
import type { Spread } from "./statistics.ts";
import { judgeTextbook } from "./textbook.ts";
import type { ClaimResult } from "./textbook/claim.ts";
import { judgeThresholds } from "./threshold.ts";
import type { ThresholdResult } from "./threshold.ts";

/** `summary.json`. */
export interface Summary {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly status: RunRecord["status"];
  readonly suite: string;
  /** Trials that the run wanted, and how many of them were saved. */
  readonly trials: { readonly planned: number; readonly saved: number };
  readonly unavailable: RunRecord["unavailable"];
  /** Trials that were not made, with the reason. */
  readonly skipped: readonly SkippedCell[];
  /** What of the environment changed while the run was stopped; empty where all trials had the same. */
  readonly environmentChanges: readonly string[];
  /** By scenario, then subscribers, then server, each in natural order. */
  readonly cells: readonly Cell[];
  /** What textbooks say, each beside what was measured; absent where the suite does not ask. */
  readonly textbook?: readonly ClaimResult[];
}

/** A trial that was not made. */
export interface SkippedCell extends SkippedTrial {
  /** Of its scenario; absent where the suite in `run.json` does not have it. */
  readonly subscribers?: number;
}

/** One scenario on one server. */
export interface Cell {
  readonly server: string;
  readonly transport: string;
  readonly library: { readonly name: string; readonly version: string };
  readonly scenario: string;
  /** What the matrix varied, then what every workload has. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Trials that were saved; those among `failures` are in no metric. */
  readonly trials: number;
  readonly failures: readonly CellFailure[];
  readonly validity: { readonly valid: boolean; readonly reasons: readonly CellReason[] };
  readonly thresholds: readonly ThresholdResult[];
  /** Where each percentile of `delivery_latency_ms` was taken: `population` where it was so in any complete trial. */
  readonly deliveryLatencySource: Measurement["deliveryLatencySource"];
  /** By the catalogue's names; what no trial had is absent. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** Of the measured window, in the order of time; absent where one rate holds throughout. */
  readonly phases?: readonly PhaseSummary[];
}

/** A phase over the complete trials. */
export interface PhaseSummary extends Pick<PhaseMeasurement, "name" | "startRate" | "endRate" | "fromSecond" | "toSecond"> {
  readonly metrics: Readonly<Record<string, MetricSummary>>;
  /** How long it took until the p99 was again what it had been; absent where there is nothing to recover from, or too few deliveries to tell. */
  readonly recovery?: Recovery;
}

export interface CellFailure {
  readonly repetition: number;
  readonly kind: Failure["kind"];
  readonly message: string;
}

/** A reason with the repetitions it was seen in; its message is of the first of them. */
export interface CellReason extends ValidityReason {
  readonly repetitions: readonly number[];
}

/** A metric over the complete trials, `values` in the order of their repetitions. */
export interface MetricSummary extends Spread {
  readonly unit: string;
  readonly values: readonly number[];
}

/** Its subscribers asked as soon as they were answered: what it says of throughput stands, its latency is not to be compared. */
export function isClosedLoop({ validity }: Cell): boolean {
  return validity.reasons.some(({ code }) => code === CLOSED_LOOP);
}

export function summarize(record: RunRecord, measurements: readonly Measurement[]): Summary {
  const cells = groupCells(measurements).map(summarizeCell);
  const { suite, experiments = [] } = record;
  return {
    schemaVersion: SCHEMA_VERSION,
    status: record.status,
    suite: record.suite.name,
    trials: { planned: record.plannedTrials, saved: measurements.length },
    unavailable: record.unavailable,
    skipped: (record.skipped ?? []).map((trial) => skippedCell(trial, record.suite.scenarios)),
    environmentChanges: [...new Set((record.resumed ?? []).flatMap(({ changes }) => changes))],
    cells,
    ...(suite.textbook === true ? { textbook: judgeTextbook(cells, experiments) } : {}),
  };
}

function skippedCell(trial: SkippedTrial, scenarios: readonly Scenario[]): SkippedCell {
  const scenario = scenarios.find(({ name }) => name === trial.scenario);
  return scenario === undefined ? trial : { ...trial, subscribers: scenario.subscribers };
}

/** The trials of each cell by repetition; cells by scenario, then subscribers, then server, in natural order. */
export function groupCells(measurements: readonly Measurement[]): (readonly [Measurement, ...Measurement[]])[] {
  const cells = new Map<string, [Measurement, ...Measurement[]]>();
  for (const measurement of measurements) {
    const key = JSON.stringify([measurement.scenario.name, measurement.trial.server]);
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [measurement]);
    else cell.push(measurement);
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  for (const cell of cells.values()) cell.sort((a, b) => a.trial.repetition - b.trial.repetition);
  return [...cells.values()].toSorted(
    ([{ scenario: a, trial: ofA }], [{ scenario: b, trial: ofB }]) =>
      compare(baseName(a), baseName(b)) || a.subscribers - b.subscribers || compare(a.name, b.name) || compare(ofA.server, ofB.server),
  );
}

/** Without what the matrix varied: in the order of names `5k` would stand before `500`. */
function baseName({ name }: Scenario): string {
  return name.split(",", 1)[0]!;
}

function summarizeCell(trials: readonly [Measurement, ...Measurement[]]): Cell {
  const [{ trial, scenario }] = trials;
  const complete = trials.filter((measurement) => measurement.status === "complete");
  const failures = trials.filter((measurement) => measurement.status !== "complete").map(failureOf);
  const reasons = [...failureReasons(failures, complete.length), ...reasonsOf(complete.length > 0 ? complete : trials)];
  const valid = complete.every(({ validity }) => validity.valid) && !reasons.some(({ severity }) => severity === "invalid");
  return {
    server: trial.server,
    transport: trial.transport,
    library: trial.library,
    scenario: scenario.name,
    parameters: { ...scenario.parameters, ...workload(scenario) },
    trials: trials.length,
    failures,
    validity: { valid, reasons },
    thresholds: judgeThresholds(scenario.thresholds, trial.server, complete, valid),
    deliveryLatencySource: latencySourceOf(complete),
    metrics: metricsOf(complete),
    ...phasesOf(complete),
  };
}

/** The phases are those of the scenario, the same in each of its trials. */
function phasesOf(complete: readonly Measurement[]): Pick<Cell, "phases"> {
  const phases = complete[0]?.phases;
  if (phases === undefined) return {};
  return {
    phases: phases.map(({ name, startRate, endRate, fromSecond, toSecond }, i) => {
      const recovery = recoveryIn(complete, i);
      return {
        name,
        startRate,
        endRate,
        fromSecond,
        toSecond,
        metrics: metricsOf(complete.flatMap((measurement) => measurement.phases?.[i] ?? [])),
        ...(recovery === undefined ? {} : { recovery }),
      };
    }),
  };
}

function latencySourceOf(complete: readonly Measurement[]): Cell["deliveryLatencySource"] {
  const sources = complete.flatMap(({ deliveryLatencySource }) => Object.entries(deliveryLatencySource));
  // What comes later wins.
  return Object.fromEntries(sources.toSorted(([, a], [, b]) => Number(a === "population") - Number(b === "population")));
}

/** What of a scenario a cell states as its parameters. */
const WORKLOAD = [
  "pattern",
  "subscribers",
  "topics",
  "popularity",
  "rate",
  "arrivals",
  "burst",
  "payloadBytes",
  "warmupMs",
  "durationMs",
  "pollIntervalMs",
  "client",
  "connection",
  "streams",
  "frames",
  "compression",
  "batchMs",
  "tls",
  "instances",
] as const satisfies readonly (keyof Scenario)[];

function workload(scenario: Scenario): Record<string, string | number | boolean> {
  const { phases } = scenario;
  return {
    ...Object.fromEntries(WORKLOAD.map((field) => [field, scenario[field]])),
    ...(phases === undefined ? {} : { phases: phases.map(phaseText).join(", ") }),
  };
}

/** `calm 20 s at 50/s`, `ramp 20 s from 50/s to 500/s`. */
function phaseText({ name, durationMs, startRate, endRate }: WorkloadPhase): string {
  const rate = startRate === endRate ? `at ${startRate}/s` : `from ${startRate}/s to ${endRate}/s`;
  return `${name} ${durationMs / 1000} s ${rate}`;
}

function failureOf({ status, failure, trial }: Measurement): CellFailure {
  const { kind, message } = failure ?? {
    kind: status === "partial" ? ("interrupted" as const) : ("internal" as const),
    message: `the trial is ${status} and says no reason`,
  };
  return { repetition: trial.repetition, kind, message };
}

/** A server that failed in one trial of three would otherwise be judged by the two it survived; an interruption proves nothing. */
function failureReasons(failures: readonly CellFailure[], complete: number): CellReason[] {
  const own = failures.filter(({ kind }) => kind !== "interrupted");
  const first = own[0] ?? failures[0];
  if (first === undefined) return [];
  const told = own.length > 0 ? own : failures;
  const severity = own.length > 0 || complete === 0 ? "invalid" : "warning";
  return [
    {
      code: own.length > 0 ? "trial-failed" : "trial-interrupted",
      severity,
      message: `${told.length} of ${failures.length + complete} trials did not complete: ${first.message}`,
      advice: own.length > 0 ? "mend what it names, and run again" : "run again to the end",
      repetitions: told.map(({ repetition }) => repetition),
    },
  ];
}

function reasonsOf(trials: readonly Measurement[]): CellReason[] {
  const reasons = new Map<string, CellReason & { readonly repetitions: number[] }>();
  for (const { trial, validity } of trials) {
    for (const reason of validity.reasons) {
      const key = `${reason.severity} ${reason.code}`;
      const known = reasons.get(key);
      if (known === undefined) reasons.set(key, { ...reason, repetitions: [trial.repetition] });
      else known.repetitions.push(trial.repetition);
    }
  }
  return [...reasons.values()].toSorted((a, b) => a.severity.localeCompare(b.severity));
}

function metricsOf(complete: readonly Pick<Measurement, "metrics">[]): Record<string, MetricSummary> {
  const names = new Set(complete.flatMap(({ metrics }) => Object.keys(metrics)));
  const entries: (readonly [string, MetricSummary])[] = [];
  for (const name of names) {
    const values = complete.flatMap(({ metrics }) => metrics[name] ?? []).filter(Number.isFinite);
    if (values.length > 0) entries.push([name, { unit: METRICS.get(name)?.unit ?? "", ...spread(values), values }]);
  }
  return Object.fromEntries(entries);
}
