/** Two synthetic runs to be compared: the same suite with other seeds, and whatever a test changes in one of them. */
import type { Measurement } from "../load/measurement.ts";
import { compareRuns } from "./comparison.ts";
import type { Bands, Comparison } from "./comparison.ts";
import type { ComparedRun } from "./compared-run.ts";
import { fixtureReport } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";

export interface ComparisonFixture {
  /** Of both runs. */
  readonly shared?: FixtureOptions;
  readonly base?: FixtureOptions;
  readonly head?: FixtureOptions;
  readonly bands?: Bands;
}

export interface FixtureComparison {
  readonly base: ComparedRun;
  readonly head: ReturnType<typeof fixtureReport>;
  readonly comparison: Comparison;
}

/** Six trials a side, unless it is said otherwise. */
export function fixtureComparison({ shared, base, head, bands }: ComparisonFixture = {}): FixtureComparison {
  const ofBase = fixtureReport({ trials: 6, seed: 7, ...shared, ...base });
  const ofHead = fixtureReport({ trials: 6, seed: 8, ...shared, ...head });
  const left: ComparedRun = { ...ofBase.run, summary: ofBase.summary, directory: "results/2026-01-01T03-04-05Z-quick" };
  return { base: left, head: ofHead, comparison: compareRuns(left, { ...ofHead.run, summary: ofHead.summary }, bands) };
}

/** Multiplies metrics of every trial. */
export function scaled(factors: Readonly<Record<string, number>>): (measurement: Measurement) => Measurement {
  return (measurement) => ({
    ...measurement,
    metrics: {
      ...measurement.metrics,
      ...Object.fromEntries(Object.entries(factors).map(([name, factor]) => [name, (measurement.metrics[name] ?? 0) * factor])),
    },
  });
}

/** Sets metrics of every trial. */
export function having(metrics: Readonly<Record<string, number>>): (measurement: Measurement) => Measurement {
  return (measurement) => ({ ...measurement, metrics: { ...measurement.metrics, ...metrics } });
}
