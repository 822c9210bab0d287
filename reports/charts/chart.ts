/** What a chart is: saved measurements in, a Vega-Lite specification with its finding and its data table out. */
import type { TopLevelSpec } from "vega-lite";
import type { Measurement } from "../../load/measurement.ts";
import type { Scenario } from "../../load/suite.ts";
import type { RunData } from "../run-data.ts";
import type { Cell, Summary } from "../summary.ts";
import { groupCells } from "../summary.ts";
import { median } from "../statistics.ts";
import { lookOf } from "./style.ts";
import type { ServerLook } from "./style.ts";

export interface Chart {
  /** Stable: part of the names of files and anchors. */
  readonly name: string;
  /** What a scenario's cells show; absent where they have no data for it. */
  readonly draw: (data: ScenarioData) => Drawing | undefined;
}

/** One drawing of all scenarios that differ in one field alone. */
export interface ComparisonChart {
  readonly name: string;
  /** The field that a matrix must vary. */
  readonly varied: string;
  readonly draw: (scenarios: readonly ScenarioData[]) => Drawing | undefined;
}

/** One drawing of all scenarios of a run. */
export interface RunChart {
  readonly name: string;
  readonly draw: (scenarios: readonly ScenarioData[]) => Drawing | undefined;
}

export interface Drawing {
  /** The finding, computed from the data. */
  readonly caption: string;
  readonly spec: TopLevelSpec;
  readonly table: DataTable;
}

/** The figures of a drawing; a cell without a value is absent. */
export interface DataTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number | undefined)[])[];
}

/** The finding where there is nothing to compare. */
export const NO_VALID_CELL = "No valid cell: what is drawn says nothing sure about any server.";

/** One scenario with every server that ran it. */
export interface ScenarioData {
  readonly scenario: Scenario;
  readonly servers: readonly ServerData[];
}

export interface ServerData {
  readonly cell: Cell;
  readonly look: ServerLook;
  readonly complete: readonly Measurement[];
  /** The complete trial whose p99 is nearest the median: what is drawn over time is one trial, never a mean of several. */
  readonly typical: Measurement | undefined;
}

export function scenarioData(run: RunData, summary: Summary): ScenarioData[] {
  const scenarios = new Map<string, { scenario: Scenario; servers: ServerData[] }>();
  for (const trials of groupCells(run.measurements)) {
    const [{ scenario, trial }] = trials;
    const cell = summary.cells.find(({ server, scenario: name }) => server === trial.server && name === scenario.name);
    if (cell === undefined) throw new Error(`the summary has no cell for ${trial.server} in ${scenario.name}`);
    const complete = trials.filter(({ status }) => status === "complete");
    const entry = scenarios.get(scenario.name) ?? { scenario, servers: [] };
    const look = { ...lookOf(trial.server, trial.transport, trial.library.name), invalid: !cell.validity.valid };
    entry.servers.push({ cell, look, complete, typical: typicalOf(complete) });
    scenarios.set(scenario.name, entry);
  }
  return [...scenarios.values()];
}

/** Scenarios that differ in this field alone, where a matrix varied it, under the name they have in common. */
export function variedTogether(scenarios: readonly ScenarioData[], field: string): Map<string, ScenarioData[]> {
  const groups = new Map<string, ScenarioData[]>();
  for (const data of scenarios) {
    const { name, parameters } = data.scenario;
    if (parameters[field] === undefined) continue;
    const common = name.replace(`,${field}=${parameters[field]}`, "");
    groups.set(common, [...(groups.get(common) ?? []), data]);
  }
  return groups;
}

function typicalOf(complete: readonly Measurement[]): Measurement | undefined {
  const p99 = ({ metrics }: Measurement) => metrics["delivery_latency_ms.p99"];
  const known = complete.flatMap((measurement) => p99(measurement) ?? []);
  if (known.length === 0) return complete[0];
  const middle = median(known);
  const distance = (measurement: Measurement) => Math.abs((p99(measurement) ?? Infinity) - middle);
  return complete.toSorted((a, b) => distance(a) - distance(b))[0];
}
