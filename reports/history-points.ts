/** What of a run goes into the history. */
import { createHash } from "node:crypto";
import { basename, resolve } from "node:path";
import { HISTORY_METRICS, HISTORY_SCHEMA_VERSION } from "../load/history-record.ts";
import type { EnvironmentClass, HistoryCommit, HistoryFigure, HistoryPoint } from "../load/history-record.ts";
import type { Environment } from "../load/measurement.ts";
import type { Scenario } from "../load/suite.ts";
import type { RunData } from "./run-data.ts";
import { isClosedLoop } from "./summary.ts";
import type { Cell, Summary } from "./summary.ts";

/** A point a cell; a cell of which no trial was complete has none. */
export function historyPoints({ directory, record, measurements }: RunData, { cells }: Summary): HistoryPoint[] {
  const commit = commitOf(record.environment);
  return cells.flatMap((cell): HistoryPoint[] => {
    const { server, transport, scenario: name, validity } = cell;
    const complete = measurements.filter(
      ({ status, trial, scenario }) => status === "complete" && trial.server === server && scenario.name === name,
    );
    const [first] = complete;
    if (first === undefined) return [];
    return [
      {
        schemaVersion: HISTORY_SCHEMA_VERSION,
        at: record.startedAt,
        run: basename(resolve(directory)),
        suite: record.suite.name,
        server,
        transport,
        scenario: name,
        workload: workloadFingerprint(first.scenario),
        ...(commit === undefined ? {} : { commit }),
        environment: environmentClass(record.environment),
        valid: validity.valid,
        trials: complete.length,
        metrics: figuresOf(cell),
      },
    ];
  });
}

/** Twelve hexadecimal digits of what is asked for, whatever it is called and whatever limits it is held to. */
export function workloadFingerprint({ name: _name, parameters: _parameters, thresholds: _thresholds, ...asked }: Scenario): string {
  const sorted = Object.entries(asked).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 12);
}

export function environmentClass({ cpu, cores, node, kernel, pushbench }: Environment): EnvironmentClass {
  return {
    cpu,
    cores,
    node: /\d+/.exec(node)?.[0] ?? node,
    kernel: /^\d+\.\d+/.exec(kernel)?.[0] ?? kernel,
    pushbench,
  };
}

function commitOf({ git, gitCommittedAt, gitBranch }: Environment): HistoryCommit | undefined {
  const [, id, dirty] = /^([0-9a-f]{7,64})(\+dirty)?$/.exec(git ?? "") ?? [];
  if (id === undefined) return undefined;
  return {
    id,
    dirty: dirty !== undefined,
    ...(gitCommittedAt === undefined ? {} : { committedAt: gitCommittedAt }),
    ...(gitBranch === undefined ? {} : { branch: gitBranch }),
  };
}

/** A closed loop's latency says how busy it kept itself, and is not compared. */
function figuresOf(cell: Cell): Record<string, HistoryFigure> {
  const names = HISTORY_METRICS.filter((name) => !(isClosedLoop(cell) && name.includes("latency")));
  const entries = names.flatMap((name): [string, HistoryFigure][] => {
    const summary = cell.metrics[name];
    if (summary === undefined) return [];
    const { median, low, high, values } = summary;
    return [[name, { median, low, high, n: values.length }]];
  });
  return Object.fromEntries(entries);
}
