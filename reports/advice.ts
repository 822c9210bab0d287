/** Which server to take for a workload: who is on the Pareto front of latency, CPU, memory and bytes, and what the others pay; pure. */
import { counted, figureText, plainNumber } from "./figure-text.ts";
import { listed } from "./listed.ts";
import { isClosedLoop } from "./summary.ts";
import type { Cell } from "./summary.ts";
import { isLess } from "./statistics.ts";
import type { Spread } from "./statistics.ts";

/** What is weighed, less being better of each. All servers are compared by the first of its metrics that all of them have. */
const CRITERIA: readonly Criterion[] = [
  {
    name: "latency",
    metrics: [
      ["delivery_latency_ms.p99", "p99"],
      ["delivery_latency_ms.p50", "p50"],
    ],
    unit: "ms",
    divisor: 1,
  },
  { name: "CPU", metrics: [["server_cpu_us_per_delivery", "CPU for 1,000 deliveries"]], unit: "ms", divisor: 1 },
  {
    name: "memory",
    metrics: [
      ["server_memory_per_connection_bytes", "memory a connection"],
      ["server_uss_bytes", "memory of the process"],
      ["server_rss_bytes", "memory of the process (RSS)"],
    ],
    unit: "KiB",
    divisor: 1024,
  },
  { name: "bytes", metrics: [["bytes_down_per_delivery", "bytes a delivery"]], unit: "B", divisor: 1 },
];

interface Criterion {
  readonly name: string;
  readonly metrics: readonly (readonly [metric: string, label: string])[];
  readonly unit: string;
  readonly divisor: number;
}

/** What is to be said of one scenario; absent where fewer than two servers can be compared. */
export interface Advice {
  readonly scenario: string;
  /** `For 1,000 subscribers, 50 messages/s and 128 B`. */
  readonly workload: string;
  readonly criteria: readonly string[];
  /** On the front, the lowest latency first. */
  readonly front: readonly Choice[];
  readonly dominated: readonly Dominated[];
  /** Servers that are not compared, with the reason. */
  readonly left: readonly { readonly server: string; readonly reason: string }[];
}

/** A server that none beats in everything. */
export interface Choice {
  readonly server: string;
  /** Its figures, in words: `p99 3.2 ms (lowest)`. */
  readonly gives: readonly string[];
  /** What it costs more than who has the least of it: `1.4 times the CPU of sse-uws`. */
  readonly costs: readonly string[];
}

export interface Dominated {
  readonly server: string;
  readonly by: string;
  /** `p99 12 ms against 3.2 ms`, of what it is worse in; in the rest it is the same. */
  readonly how: readonly string[];
}

interface Weighed {
  readonly cell: Cell;
  readonly values: readonly Spread[];
}

interface Measure {
  readonly metric: string;
  readonly label: string;
  readonly criterion: Criterion;
}

export function adviceOf(scenario: string, cells: readonly Cell[]): Advice | undefined {
  const left = cells.flatMap((cell) => {
    const reason = reasonToLeave(cell);
    return reason === undefined ? [] : [{ server: cell.server, reason }];
  });
  const sound = cells.filter((cell) => reasonToLeave(cell) === undefined);
  const measures = measuresOf(sound);
  const weighed = sound.map((cell): Weighed => ({ cell, values: measures.map(({ metric }) => cell.metrics[metric]!) }));
  if (weighed.length < 2 || measures.length < 2) return undefined;
  const front = weighed.filter((one) => !weighed.some((other) => dominates(other, one)));
  const least = measures.map((_, at) => weighed.reduce((best, one) => (one.values[at]!.median < best.values[at]!.median ? one : best)));
  return {
    scenario,
    workload: workloadOf(sound[0]!),
    criteria: measures.map(({ label }) => label),
    front: front
      .toSorted((a, b) => a.values[0]!.median - b.values[0]!.median)
      .map((one) => ({ server: one.cell.server, gives: givesOf(one, measures, least), costs: costsOf(one, measures, least) })),
    dominated: weighed
      .filter((one) => !front.includes(one))
      .map((one) => {
        // The nearest of those that beat it, for that is who one would take instead.
        const better = front.filter((other) => dominates(other, one)).toSorted((a, b) => distance(a, one) - distance(b, one));
        const by = better[0] ?? weighed.find((other) => dominates(other, one))!;
        return { server: one.cell.server, by: by.cell.server, how: howOf(one, by, measures) };
      }),
    left,
  };
}

/** Whoever reads it should be told why a server that ran is not weighed. */
function reasonToLeave(cell: Cell): string | undefined {
  if (!cell.validity.valid) return "its measurement is invalid";
  if (isClosedLoop(cell)) return "its subscribers asked as soon as they were answered, and such a latency compares with none";
  const lost = Math.max(0, ...(cell.metrics["messages_lost"]?.values ?? []));
  if (lost > 0) return `it lost ${counted(lost, "message")}`;
  return CRITERIA[0]!.metrics.some(([metric]) => cell.metrics[metric] !== undefined)
    ? undefined
    : "it has too few deliveries for a percentile";
}

/** One for each criterion that all of them can be compared by. */
function measuresOf(cells: readonly Cell[]): Measure[] {
  return CRITERIA.flatMap((criterion) => {
    const found = criterion.metrics.find(([metric]) => cells.every((cell) => (cell.metrics[metric]?.median ?? 0) > 0));
    return found === undefined ? [] : [{ metric: found[0], label: found[1], criterion }];
  });
}

/** Not worse in anything, and better in something, by more than chance or a trifle. */
function dominates(a: Weighed, b: Weighed): boolean {
  const better = a.values.map((value, at) => isLess(value, b.values[at]!));
  const worse = a.values.map((value, at) => isLess(b.values[at]!, value));
  return better.includes(true) && !worse.includes(true);
}

/** How far two lie apart, as a sum of logarithms. */
function distance(a: Weighed, b: Weighed): number {
  return a.values.reduce((sum, value, at) => sum + Math.abs(Math.log(value.median / b.values[at]!.median)), 0);
}

function givesOf({ values }: Weighed, measures: readonly Measure[], least: readonly Weighed[]): string[] {
  return measures.map((measure, at) => {
    const isLeast = !isLess(least[at]!.values[at]!, values[at]!);
    return `${measure.label} ${textOf(values[at]!, measure)}${isLeast ? " (lowest)" : ""}`;
  });
}

function costsOf({ values }: Weighed, measures: readonly Measure[], least: readonly Weighed[]): string[] {
  return measures.flatMap((measure, at) => {
    const best = least[at]!;
    if (!isLess(best.values[at]!, values[at]!)) return [];
    const factor = values[at]!.median / best.values[at]!.median;
    return [`${factorOf(factor)} the ${measure.criterion.name} of ${best.cell.server}`];
  });
}

function howOf(one: Weighed, by: Weighed, measures: readonly Measure[]): string[] {
  return measures.flatMap((measure, at) =>
    isLess(by.values[at]!, one.values[at]!)
      ? [`${measure.label} ${textOf(one.values[at]!, measure)} against ${textOf(by.values[at]!, measure)}`]
      : [],
  );
}

function textOf(value: Spread, { criterion: { unit, divisor } }: Measure): string {
  return `${figureText(value, divisor).value} ${unit}`;
}

function factorOf(factor: number): string {
  return `${factor < 9.95 ? factor.toFixed(factor < 1.095 ? 2 : 1) : plainNumber(Math.round(factor))} times`;
}

function workloadOf({ parameters }: Cell): string {
  const number = (name: string): string => plainNumber(Number(parameters[name]));
  const topics = Number(parameters["topics"]);
  const spread = topics > 1 && topics < Number(parameters["subscribers"]) ? ` over ${plainNumber(topics)} topics` : "";
  return `For ${number("subscribers")} subscribers and ${number("rate")} messages/s of ${number("payloadBytes")} B${spread}`;
}

/** The answer in a sentence, without its full stop. */
export function adviceText({ workload, front, dominated }: Advice): string {
  const names = listed(front.map(({ server }) => server));
  if (front.length === 1) return `${workload} take ${names}: no other is better in anything`;
  const rest =
    dominated.length === 0
      ? ""
      : `; ${counted(dominated.length, "other")} ${dominated.length === 1 ? "is" : "are"} beaten in everything that differs`;
  return `${workload} the choice is between ${names}: each is best in something${rest}`;
}
