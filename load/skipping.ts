/** Why a trial of a run is not made: the machine does not carry it, its server broke at less, or the suite's time is used up; pure. */
import { layOut, refusalOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import type { Limits } from "./machine/limits.ts";
import type { Measurement, SkippedTrial } from "./measurement.ts";
import type { TrialPlan } from "./plan.ts";
import { expectedTrialMs } from "./suite-time.ts";
import { serverName } from "./suite.ts";
import type { Suite } from "./suite.ts";
import { formatThreshold, holds } from "./threshold.ts";

/** Where a run stands when a trial is about to begin. */
export interface Standing {
  readonly limits: Limits;
  readonly cores: number;
  /** Of the trials so far. */
  readonly measurements: readonly Measurement[];
  readonly elapsedMs: number;
}

/** How a trial is laid out here; absent where its server already runs, on whatever machine. */
export function layoutOf({ server, transport, library, scenario }: TrialPlan, limits: Limits, cores: number): Layout | undefined {
  return typeof server === "string" && library !== undefined ? layOut({ scenario, transport, library }, limits, cores) : undefined;
}

/** For the record. */
export function skipped({ index, server, scenario }: TrialPlan, reason: string): SkippedTrial {
  return { index, server: serverName(server), scenario: scenario.name, reason };
}

/** Absent where the trial is to be made. */
export function reasonToSkip(
  plan: TrialPlan,
  { climb, budgetMs }: Pick<Suite, "climb" | "budgetMs">,
  standing: Standing,
): string | undefined {
  return (
    (climb === undefined ? undefined : brokenBelow(plan, climb, standing.measurements)) ??
    misfit(plan, standing.limits, standing.cores) ??
    (budgetMs === undefined ? undefined : outOfTime(plan, budgetMs, standing.elapsedMs))
  );
}

/** Why this machine does not carry it; absent where it does. */
export function misfit(plan: TrialPlan, limits: Limits, cores: number): string | undefined {
  const layout = layoutOf(plan, limits, cores);
  const refusal = layout === undefined ? undefined : refusalOf(layout);
  return refusal === undefined ? undefined : `it does not fit on this machine: it ${refusal}`;
}

function brokenBelow(plan: TrialPlan, climb: NonNullable<Suite["climb"]>, measurements: readonly Measurement[]): string | undefined {
  const level = plan.scenario[climb];
  for (const { trial, scenario, ...measurement } of measurements) {
    const below =
      trial.server === serverName(plan.server) && baseName(scenario.name) === baseName(plan.scenario.name) && scenario[climb] < level;
    const why = below ? broke({ trial, scenario, ...measurement }) : undefined;
    if (why !== undefined) return `it broke at ${climb} ${scenario[climb].toLocaleString("en-US")} already: ${why}`;
  }
  return undefined;
}

/** Without what the matrix varied. */
function baseName(scenario: string): string {
  return scenario.split(",", 1)[0]!;
}

/** Why a measurement shows its server beyond what it can do. */
function broke({ status, failure, scenario, trial, metrics, phases = [] }: Measurement): string | undefined {
  if (status === "failed") return failure?.message ?? "the trial failed";
  for (const { level, servers, phase, ...check } of scenario.thresholds) {
    if (level !== "error" || servers?.includes(trial.server) === false) continue;
    const of = phase === undefined ? metrics : phases.find(({ name }) => name === phase)?.metrics;
    const value = of?.[check.metric];
    if (value === undefined || holds(check, value)) continue;
    const where = phase === undefined ? "" : ` in ${phase}`;
    return `${check.metric} was ${value.toLocaleString("en-US")}${where} where ${formatThreshold(check)} was asked for`;
  }
  return undefined;
}

function outOfTime({ scenario }: TrialPlan, budgetMs: number, elapsedMs: number): string | undefined {
  const takesMs = expectedTrialMs(scenario);
  if (elapsedMs + takesMs <= budgetMs) return undefined;
  const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
  return `it takes about ${minutes(takesMs)} minutes, and of the suite's ${minutes(budgetMs)} ${minutes(elapsedMs)} are gone`;
}
