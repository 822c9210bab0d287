/** What the phases of a scenario show, in sentences that claim no more than its valid cells bear out. */
import { plainNumber } from "./figure-text.ts";
import { listed } from "./listed.ts";
import { median } from "./statistics.ts";
import type { Cell, PhaseSummary } from "./summary.ts";

/** How the valid cells recovered from more load, or how each drifted where the load was one and the same. */
export function phaseFindings(cells: readonly Cell[]): string[] {
  const valid = cells.filter(({ validity }) => validity.valid);
  const names = new Set(valid.flatMap(({ phases = [] }) => phases.map(({ name }) => name)));
  return [
    ...[...names].flatMap((name) => recoveryText(name, valid)),
    ...valid.flatMap(({ server, phases = [] }) => driftText(server, phases)),
  ];
}

/** Who was back when, the quickest first: servers of one time are named together. */
function recoveryText(name: string, cells: readonly Cell[]): string[] {
  const recovered = cells.flatMap(({ server, phases = [] }) => {
    const phase = phases.find((each) => each.name === name);
    return phase?.recovery === undefined ? [] : [{ server, ...phase.recovery, length: phase.toSecond - phase.fromSecond }];
  });
  const [first] = recovered;
  if (first === undefined) return [];
  const times = new Map<number, string[]>();
  for (const { server, seconds } of recovered) {
    const known = seconds.filter((each) => each !== null);
    const time = known.length === 0 ? Infinity : median(known);
    const of = known.length > 0 && known.length < seconds.length ? ` (in ${known.length} of ${seconds.length} trials)` : "";
    times.set(time, [...(times.get(time) ?? []), server + of]);
  }
  const parts = [...times].toSorted(([a], [b]) => a - b).map(([time, servers]) => `${timeText(time, first.length)} on ${listed(servers)}`);
  return [`After ${first.after} the p99 was within 10 % of that of ${first.before} again ${parts.join(", ")}.`];
}

function timeText(seconds: number, length: number): string {
  if (seconds === Infinity) return `not within ${plainNumber(length)} s`;
  return seconds < 1 ? "within a second" : `after ${plainNumber(seconds)} s`;
}

const DRIFTING: readonly (readonly [metric: string, name: string])[] = [
  ["delivery_latency_ms.p99", "p99"],
  ["server_cpu_us_per_delivery", "CPU a delivery"],
  ["server_uss_bytes", "memory (USS)"],
];

/** From the first phase to the last, where all of them have the same rate. */
function driftText(server: string, phases: readonly PhaseSummary[]): string[] {
  const [first, last] = [phases[0], phases.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  if (phases.some(({ startRate, endRate }) => startRate !== first.startRate || endRate !== first.startRate)) return [];
  const changes = DRIFTING.flatMap(([metric, name]) => {
    const [from, to] = [first.metrics[metric]?.median, last.metrics[metric]?.median];
    return from === undefined || to === undefined || from === 0 ? [] : [`${name} ${signed(to / from - 1)}`];
  });
  return changes.length === 0 ? [] : [`${server} from ${first.name} to ${last.name}: ${changes.join(", ")}.`];
}

function signed(share: number): string {
  const percent = Math.abs(share * 100);
  return `${share < 0 ? "−" : "+"}${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
