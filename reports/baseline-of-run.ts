/** What a run or a gate measured, in the form in which it is stored to hold later ones against; pure. */
import { BASELINE_SCHEMA_VERSION } from "../load/baseline-record.ts";
import type { Baseline, BaselineCell } from "../load/baseline-record.ts";
import type { GateArm, SavedGate } from "../load/gate-record.ts";
import type { Environment, LedgerCounts, ValidityReason } from "../load/measurement.ts";
import { COUNT_METRICS, countOf } from "./gate-count.ts";
import type { RunData } from "./run-data.ts";
import { mean } from "./statistics.ts";
import { groupCells } from "./summary.ts";

/** Metrics that are as good on another day: what METHOD calls sturdy, and the latencies that have limits of their own. */
const STORED: readonly string[] = [
  "server_cpu_us_per_delivery",
  "bytes_down_per_delivery",
  "server_memory_per_connection_bytes",
  "server_fds_per_connection",
  "requests_per_delivery",
  "delivery_latency_ms.p50",
  "delivery_latency_ms.p99",
];

/** What was measured once: a trial, or the part of head in a round. */
interface Repeat {
  readonly metrics: Readonly<Record<string, number>>;
  readonly ledger: LedgerCounts;
  readonly complete: boolean;
  /** Why it is not valid; absent where it is. */
  readonly reason?: string;
}

type NoiseFloor = Baseline["noiseFloor"];

/** A finished run as a baseline, or as what is held against one. */
export function baselineOfRun({ record, measurements }: RunData, noiseFloor?: NoiseFloor): Baseline {
  const cells = groupCells(measurements).map((trials) => {
    const repeats = trials.map(({ status, failure, validity, metrics, ledger }) =>
      repeatOf({ metrics, ledger: ledger.whole }, status === "complete", failure?.message, validity.reasons),
    );
    return cellOf(trials[0].trial.server, trials[0].scenario.name, repeats);
  });
  const { suite, startedAt, environment } = record;
  return { ...baseline(suite.name, startedAt, environment, noiseFloor), cells };
}

/** What a gate measured of its head, a value a round of the first pass. */
export function baselineOfGate({ record, rounds }: SavedGate, noiseFloor?: NoiseFloor): Baseline {
  const cells = record.cells.map(({ server, scenario }) => {
    const own = rounds.filter((round) => round.pass === "first" && round.server === server && round.scenario === scenario.name);
    const repeats = own.map(({ arms: { head } }) =>
      repeatOf({ metrics: metricsOf(head), ledger: head.ledger }, head.status === "complete", head.failure?.message, head.reasons),
    );
    return cellOf(server, scenario.name, repeats);
  });
  return { ...baseline(record.suite.name, record.startedAt, record.environment, noiseFloor), cells };
}

function baseline(suite: string, startedAt: string, environment: Environment, noiseFloor: NoiseFloor): Omit<Baseline, "cells"> {
  return { schemaVersion: BASELINE_SCHEMA_VERSION, suite, startedAt, environment, ...(noiseFloor === undefined ? {} : { noiseFloor }) };
}

/** A slice is no repeat: their mean is one value of the round. */
function metricsOf({ metrics, slices }: GateArm): Record<string, number> {
  const inSlices = STORED.flatMap((metric) => {
    const values = slices.flatMap((slice) => slice[metric] ?? []);
    return values.length === 0 ? [] : [[metric, mean(values)] as const];
  });
  return { ...metrics, ...Object.fromEntries(inSlices) };
}

function repeatOf(
  measured: Pick<Repeat, "metrics" | "ledger">,
  complete: boolean,
  failure: string | undefined,
  reasons: readonly ValidityReason[],
): Repeat {
  const reason = complete ? reasons.find(({ severity }) => severity === "invalid")?.message : (failure ?? "it was not completed");
  return { ...measured, complete, ...(reason === undefined ? {} : { reason }) };
}

/** Of what was measured at another time the machine has no share that both sides have: whatever is invalid is left out altogether. */
function cellOf(server: string, scenario: string, repeats: readonly Repeat[]): BaselineCell {
  const valid = repeats.filter(({ reason }) => reason === undefined);
  const complete = repeats.filter((repeat) => repeat.complete);
  const reason = repeats.find((repeat) => repeat.reason !== undefined)?.reason;
  const values = STORED.flatMap((metric) => {
    const own = valid.flatMap(({ metrics }) => metrics[metric] ?? []).filter((value) => Number.isFinite(value) && value > 0);
    return own.length === 0 ? [] : [[metric, own] as const];
  });
  const counts = COUNT_METRICS.flatMap((metric) => {
    const own = complete.flatMap((repeat) => countOf(repeat, metric) ?? []);
    return own.length === 0 ? [] : [[metric, own.reduce((sum, count) => sum + count, 0)] as const];
  });
  return {
    server,
    scenario,
    trials: repeats.length,
    valid: valid.length,
    ...(reason === undefined ? {} : { reason }),
    values: Object.fromEntries(values),
    expected: complete.reduce((sum, { ledger }) => sum + ledger.expected, 0),
    counts: Object.fromEntries(counts),
  };
}
