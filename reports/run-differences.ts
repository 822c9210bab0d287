/** What differs between two runs beside what was measured: machines, versions, workloads, cells on one side only. */
import type { Environment } from "../load/measurement.ts";
import type { Scenario } from "../load/suite.ts";
import type { ComparedRun } from "./compared-run.ts";
import type { Cell } from "./summary.ts";

export interface RunDifferences {
  /** Of the machine and what runs there, each with both values; figures of two machines are no comparison of versions. */
  readonly environment: readonly string[];
  /** Suites, states and libraries that are not the same, which may be what the comparison is about. */
  readonly runs: readonly string[];
  /** In both runs with another workload, and hence not compared. */
  readonly refused: readonly (CellName & { readonly differences: readonly string[] })[];
  readonly onlyBase: readonly CellName[];
  readonly onlyHead: readonly CellName[];
  /** In both runs, and invalid in one or both. */
  readonly invalid: readonly (CellName & { readonly run: "base" | "head"; readonly message: string })[];
}

export interface CellName {
  readonly server: string;
  readonly scenario: string;
}

const FACTS: readonly (readonly [name: string, of: (environment: Environment) => string])[] = [
  ["processor", ({ cpu }) => cpu],
  ["cores", ({ cores }) => String(cores)],
  // A megabyte more or less is the kernel's.
  ["memory", ({ memoryBytes }) => `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`],
  ["system", ({ os }) => os],
  ["kernel", ({ kernel }) => kernel],
  ["Node", ({ node }) => node],
  ["pushbench", ({ pushbench }) => pushbench],
];

export function runDifferences(base: ComparedRun, head: ComparedRun): RunDifferences {
  const [of, at] = [base.summary.cells, head.summary.cells];
  const both = at.flatMap((cell) => {
    const other = find(of, cell);
    return other === undefined ? [] : [{ base: other, head: cell, differences: workloadDifferences(base, head, other, cell) }];
  });
  return {
    environment: environmentDifferences(base, head),
    runs: [
      ...differing("suite", base.record.suite.name, head.record.suite.name),
      ...[base, head].flatMap(({ record: { status } }, side) => (status === "complete" ? [] : [`${SIDES[side]!} is ${status}`])),
      ...new Set(both.flatMap(({ base: a, head: b }) => differing(`library of ${b.server}`, libraryOf(a), libraryOf(b)))),
    ],
    refused: both.flatMap(({ head: cell, differences }) => (differences.length === 0 ? [] : [{ ...nameOf(cell), differences }])),
    onlyBase: of.filter((cell) => find(at, cell) === undefined).map(nameOf),
    onlyHead: at.filter((cell) => find(of, cell) === undefined).map(nameOf),
    invalid: both
      .filter(({ differences }) => differences.length === 0)
      .flatMap(({ base: a, head: b }) => [...invalidity(a, "base"), ...invalidity(b, "head")]),
  };
}

const SIDES = ["base", "head"] as const;

function environmentDifferences(base: ComparedRun, head: ComparedRun): string[] {
  return [
    ...FACTS.flatMap(([name, of]) => differing(name, of(base.record.environment), of(head.record.environment))),
    ...[base, head].flatMap(({ summary }, side) =>
      summary.environmentChanges.map((change) => `within ${SIDES[side]!}, while it was stopped: ${change}`),
    ),
  ];
}

/** What is not the same in the workload of a cell, each with both values; empty where it may be compared. */
export function workloadDifferences(base: ComparedRun, head: ComparedRun, of: Cell, at: Cell): string[] {
  const [a, b] = [workloadOf(base, of), workloadOf(head, at)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => differing(name, a[name] ?? "none", b[name] ?? "none"));
}

/** Fields of a scenario that no workload is made of, or that a cell's parameters tell better. */
const BESIDE: ReadonlySet<string> = new Set(["name", "thresholds", "parameters", "phases"] satisfies (keyof Scenario)[]);

/** A cell's parameters, and what the run's suite has beside them of its scenario; a search's levels are in no suite. */
function workloadOf({ record }: ComparedRun, { scenario, parameters, transport }: Cell): Record<string, string> {
  const found = record.suite.scenarios.find(({ name }) => name === scenario) ?? {};
  const beside = Object.entries(found).filter(([name]) => !BESIDE.has(name) && parameters[name] === undefined);
  return Object.fromEntries(
    [["transport", transport], ...Object.entries(parameters), ...beside].map(([name, value]) => [name, textOf(value)]),
  );
}

/** In all digits: two rates that look alike are not the same. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function differing(name: string, base: string, head: string): string[] {
  return base === head ? [] : [`${name} ${base} in base, ${head} in head`];
}

function find(cells: readonly Cell[], { server, scenario }: Cell): Cell | undefined {
  return cells.find((cell) => cell.server === server && cell.scenario === scenario);
}

function nameOf({ server, scenario }: Cell): CellName {
  return { server, scenario };
}

function libraryOf({ library: { name, version } }: Cell): string {
  return `${name} ${version}`;
}

function invalidity(cell: Cell, run: "base" | "head"): RunDifferences["invalid"] {
  if (cell.validity.valid) return [];
  const reason = cell.validity.reasons.find(({ severity }) => severity === "invalid");
  return [{ ...nameOf(cell), run, message: reason?.message ?? "it is invalid and says no reason" }];
}
