/** Points of the history that may stand beside each other: one cell under one workload in one class of environment. */
import type { EnvironmentClass, HistoryPoint } from "../load/history-record.ts";

/** As many are drawn and looked through; what is older is left out. */
export const MOST_POINTS = 100;

export interface Series extends Pick<HistoryPoint, "server" | "transport" | "scenario" | "workload" | "environment"> {
  /** In the order of their commits, then of their runs; one at least. */
  readonly points: readonly HistoryPoint[];
  /** What is not as in the series of the same cell that began before it: `Node 22, was 20`; empty for the first. */
  readonly differs: readonly string[];
}

/** By scenario, then server, in natural order; those of a cell as they began. Of each the last `most` points. */
export function seriesOf(points: readonly HistoryPoint[], most = MOST_POINTS): Series[] {
  const groups = new Map<string, HistoryPoint[]>();
  for (const point of points.toSorted(inOrder)) {
    const key = seriesKey(point);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const before = new Map<string, HistoryPoint>();
  // Of all points: a series that lost its oldest ones began before the next all the same.
  const series = [...groups.values()].map((group): Series => {
    const [first] = group;
    const { server, transport, scenario, workload, environment } = first!;
    const cell = JSON.stringify([scenario, server]);
    const differs = differences(before.get(cell), first!);
    before.set(cell, first!);
    return { server, transport, scenario, workload, environment, points: group.slice(-most), differs };
  });
  const { compare } = new Intl.Collator("en", { numeric: true });
  return series.toSorted((a, b) => compare(a.scenario, b.scenario) || compare(a.server, b.server));
}

/** The same for points of one series, and for no others. */
export function seriesKey({ server, transport, scenario, workload, environment }: Omit<Series, "points" | "differs">): string {
  const { cpu, cores, node, kernel, pushbench } = environment;
  return JSON.stringify([server, transport, scenario, workload, cpu, cores, node, kernel, pushbench]);
}

/** `an imagined processor, 2 cores, Node 20, kernel 6.2, pushbench 0.1.0`. */
export function environmentText(environment: EnvironmentClass): string {
  return environmentFacts(environment)
    .map(([name, value]) => (name === "processor" ? value : name === "cores" ? `${value} cores` : `${name} ${value}`))
    .join(", ");
}

/** As their commits were made, and those of one commit, or of none, as they ran: an old commit may be measured late. */
function inOrder(a: HistoryPoint, b: HistoryPoint): number {
  const madeAt = ({ at, commit }: HistoryPoint): number => Date.parse(commit?.committedAt ?? at);
  return madeAt(a) - madeAt(b) || Date.parse(a.at) - Date.parse(b.at);
}

function differences(before: HistoryPoint | undefined, now: HistoryPoint): string[] {
  if (before === undefined) return [];
  const were = new Map(environmentFacts(before.environment));
  return [
    ...(before.transport === now.transport ? [] : [`transport ${now.transport}, was ${before.transport}`]),
    ...(before.workload === now.workload ? [] : ["another workload"]),
    ...environmentFacts(now.environment).flatMap(([name, value]) =>
      were.get(name) === value ? [] : [`${name} ${value}, was ${were.get(name)!}`],
    ),
  ];
}

function environmentFacts({ cpu, cores, node, kernel, pushbench }: EnvironmentClass): [name: string, value: string][] {
  return [
    ["processor", cpu],
    ["cores", String(cores)],
    ["Node", node],
    ["kernel", kernel],
    ["pushbench", pushbench],
  ];
}
