/** Of a history what was asked for by name. */
import { HISTORY_METRICS } from "../load/history-record.ts";
import type { HistoryPoint } from "../load/history-record.ts";
import { nearest } from "../load/nearest.ts";
import { UsageError } from "../load/usage-error.ts";

export interface PointChoice {
  readonly server?: readonly string[];
  /** A whole name, or what stands before the first comma of one that a matrix made. */
  readonly scenario?: string;
  readonly branch?: string;
}

/** The points of these servers, of this scenario, on this branch; throws {@link UsageError} for a name that no point has. */
export function choosePoints(points: readonly HistoryPoint[], { server, scenario, branch }: PointChoice): HistoryPoint[] {
  for (const name of server ?? [])
    mustBeOneOf(
      "server",
      name,
      points.map((point) => point.server),
    );
  if (scenario !== undefined)
    mustBeOneOf(
      "scenario",
      scenario,
      points.flatMap((point) => [point.scenario, baseOf(point.scenario)]),
    );
  if (branch !== undefined)
    mustBeOneOf(
      "branch",
      branch,
      points.flatMap(({ commit }) => commit?.branch ?? []),
    );
  return points.filter(
    (point) =>
      (server === undefined || server.includes(point.server)) &&
      (scenario === undefined || [point.scenario, baseOf(point.scenario)].includes(scenario)) &&
      (branch === undefined || point.commit?.branch === branch),
  );
}

/** Whether a metric was asked for; throws {@link UsageError} for one that the history does not keep. */
export function metricChoice(names: readonly string[] | undefined): (name: string) => boolean {
  for (const name of names ?? []) mustBeOneOf("metric", name, HISTORY_METRICS);
  return (name) => names === undefined || names.includes(name);
}

function baseOf(scenario: string): string {
  return scenario.split(",", 1)[0]!;
}

function mustBeOneOf(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const names = [...new Set(known)];
  const near = nearest(name, names);
  const expected = names.length === 0 ? "the history has none" : `the history has ${names.map((each) => JSON.stringify(each)).join(", ")}`;
  throw new UsageError(
    `unknown ${what} ${JSON.stringify(name)}: ${expected}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}`,
  );
}
