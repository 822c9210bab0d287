/** What the phases of a scenario show, in sentences that claim no more than its valid cells bear out. */
import { plainNumber } from "./figure-text.ts";
import type { Recovery } from "./recovery.ts";
import { median } from "./statistics.ts";
import type { Cell, PhaseSummary } from "./summary.ts";

/** Of each valid cell how it recovered from more load, or how it drifted where the load was one and the same. */
export function phaseFindings(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ validity }) => validity.valid)
    .flatMap(({ server, phases = [] }) => [
      ...phases.flatMap((phase) => (phase.recovery === undefined ? [] : [`${server} ${recoveryText(phase, phase.recovery)}`])),
      ...driftText(server, phases),
    ]);
}

function recoveryText({ fromSecond, toSecond }: PhaseSummary, { before, after, seconds }: Recovery): string {
  const known = seconds.filter((each) => each !== null);
  if (known.length === 0) {
    const length = plainNumber(toSecond - fromSecond);
    return `had not recovered from ${after} after ${length} s: its p99 stayed more than 10 % above that of ${before}.`;
  }
  const middle = median(known);
  const time = middle < 1 ? "within a second" : `after ${plainNumber(middle)} s`;
  const of = seconds.length > 1 ? `, in ${known.length} of ${seconds.length} trials` : "";
  return `recovered from ${after} ${time}${of}: its p99 was within 10 % of that of ${before} again.`;
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
