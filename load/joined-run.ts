/** Several saved runs as one, so that a report tells of all their cells: servers that were loaded one by one, trials that were added later. */
import { environmentChanges } from "./environment.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import type { SavedRun } from "./results.ts";
import { serverName } from "./suite.ts";
import type { Scenario } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

/** From the least whole to the most. */
const STATUSES = ["failed", "partial", "complete"] as const satisfies readonly RunRecord["status"][];

/** Fields of a scenario that no workload is made of. */
const BESIDE: ReadonlySet<string> = new Set(["thresholds", "parameters"] satisfies (keyof Scenario)[]);

/**
 * The runs as one that is reported in `directory`: cells of the same name are one cell, whose trials are those of all. What of the machines or
 * versions is not the same is among the changes of the environment. Throws `UsageError` where a scenario of one name has two workloads, where a
 * trial would count twice, and where a run is a capacity search.
 */
export function joinRuns(runs: readonly [SavedRun, ...SavedRun[]], directory: string): SavedRun {
  const search = runs.find(({ capacity }) => capacity !== undefined);
  if (search !== undefined) throw new UsageError(`${search.directory} is a capacity search, which is reported by itself`);
  mustDiffer(runs);
  const [first, ...others] = runs.map(({ record }) => record) as [RunRecord, ...RunRecord[]];
  const records = [first, ...others];
  const skipped = records.flatMap((record) => record.skipped ?? []);
  const experiments = records.findLast((record) => record.experiments !== undefined)?.experiments;
  const ended = records.flatMap(({ endedAt }) => endedAt ?? []).sort();
  let kept = 0;
  const { resumed: _resumed, skipped: _skipped, endedAt: _endedAt, ...begun } = first;
  const record: RunRecord = {
    ...begun,
    status: STATUSES.find((status) => records.some((each) => each.status === status))!,
    command: records.map(({ command }) => command).join(" && "),
    suite: {
      ...first.suite,
      name: [...new Set(records.map(({ suite }) => suite.name))].join(" + "),
      servers: distinct(
        records.flatMap(({ suite }) => suite.servers),
        serverName,
      ),
      scenarios: distinct(
        records.flatMap(({ suite }) => suite.scenarios),
        ({ name }) => name,
      ),
    },
    startedAt: records.map(({ startedAt }) => startedAt).sort()[0]!,
    ...(ended.length === 0 ? {} : { endedAt: ended.at(-1)! }),
    plannedTrials: records.reduce((sum, { plannedTrials }) => sum + plannedTrials, 0),
    unavailable: distinct(
      records.flatMap(({ unavailable }) => unavailable),
      ({ server }) => server,
    ),
    ...(skipped.length === 0 ? {} : { skipped }),
    ...(experiments === undefined ? {} : { experiments }),
    resumed: runs.flatMap(({ record: { startedAt, environment, resumed = [] }, measurements }, at) => {
      const changes = at === 0 ? [] : environmentChanges(first.environment, environment);
      const begins = at === 0 ? [] : [{ startedAt, keptTrials: kept, environment, changes }];
      kept += measurements.length;
      return [...begins, ...resumed];
    }),
  };
  return { directory, record, measurements: renumbered(runs.flatMap(({ measurements }) => measurements)) };
}

/** In the order of the runs, repetitions counted on within each cell. */
function renumbered(measurements: readonly Measurement[]): Measurement[] {
  const repetitions = new Map<string, number>();
  return measurements.map((measurement, at) => {
    const { trial, scenario } = measurement;
    const cell = JSON.stringify([trial.server, scenario.name]);
    const repetition = (repetitions.get(cell) ?? 0) + 1;
    repetitions.set(cell, repetition);
    return { ...measurement, trial: { ...trial, index: at + 1, repetition } };
  });
}

function mustDiffer(runs: readonly SavedRun[]): void {
  const workloads = new Map<string, { readonly directory: string; readonly fields: Readonly<Record<string, string>> }>();
  const trials = new Map<string, string>();
  for (const { directory, measurements } of runs) {
    for (const { scenario, trial } of measurements) {
      const { server, startedAt } = trial;
      const key = JSON.stringify([server, scenario.name, startedAt]);
      const twice = trials.get(key);
      if (twice !== undefined) throw new UsageError(`${directory} has a trial of ${server} that ${twice} has too: name each run once`);
      trials.set(key, directory);
      const fields = workloadOf(scenario);
      const known = workloads.get(scenario.name);
      workloads.set(scenario.name, known ?? { directory, fields });
      const differing = Object.keys({ ...fields, ...known?.fields }).find(
        (name) => known !== undefined && known.fields[name] !== fields[name],
      );
      if (differing === undefined) continue;
      throw new UsageError(
        `scenario ${scenario.name} is another workload in ${directory} than in ${known!.directory}: ${differing} ` +
          `${fields[differing] ?? "none"}, not ${known!.fields[differing] ?? "none"}; report on them one by one, or compare them`,
      );
    }
  }
}

function workloadOf(scenario: Scenario): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(scenario).flatMap(([name, value]) => (BESIDE.has(name) ? [] : [[name, JSON.stringify(value)]])));
}

function distinct<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [nameOf(item), item])).values()];
}
