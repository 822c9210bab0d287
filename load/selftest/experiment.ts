/** What is done to a measurement on purpose, and what it must say of it; and what several of them have in common. */
import type { Measurement } from "../measurement.ts";
import { createSchedule, firstDueFrom } from "../schedule.ts";
import type { Bench, Tried } from "./bench.ts";
import { quantileOf } from "./expected.ts";
import { within } from "./row.ts";
import type { Row, RowHead } from "./row.ts";

/** A row a figure. */
export type Experiment = (bench: Bench) => Promise<Row[]>;

const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 } as const;

/** METHOD R1 and the issue of this selftest: the larger of a share and a time. */
export function allowedMs(name: keyof typeof QUANTILES, ms: number): number {
  return name === "p50" || name === "p90" ? Math.max(0.02 * ms, 1) : Math.max(0.03 * ms, 3);
}

/** The headline latency at each of these quantiles beside that of what was to be expected, in ns. */
export function latencyRows(
  head: RowHead,
  expectedNs: readonly number[],
  names: readonly (keyof typeof QUANTILES)[],
  { measurement }: Tried,
  of = measurement,
): Row[] {
  return names.map((name) => {
    const metric = `delivery_latency_ms.${name}`;
    const injected = expectedNs.length === 0 ? NaN : quantileOf(expectedNs, QUANTILES[name]) / 1e6;
    const reported = measurement.metrics[metric];
    const allowed = allowedMs(name, injected);
    const row = within(head, { metric, unit: "ms", injected, allowed, ...(reported === undefined ? {} : { reported }) }, of);
    return name === "p99" || name === "p999" ? excuseTail(row, allowed, measurement) : row;
  });
}

/** A tail hangs on the few ms in which the machine holds the probes up: where it did, a wrong one says nothing, and a right one all the same. */
function excuseTail(row: Row, allowed: number, { generator }: Measurement): Row {
  const heldUpMs = generator.find(({ role }) => role === "probes")?.loopDelayMs?.max ?? 0;
  if (row.verdict !== "fails" || heldUpMs <= allowed) return row;
  return { ...row, verdict: "invalid", note: `the machine held the probes up for ${heldUpMs.toFixed(1)} ms` };
}

/** Of two trials that a figure rests on, the one that must be believed less. */
export function lessSound(plain: Tried, tried: Tried): Measurement {
  return plain.measurement.validity.valid ? tried.measurement : plain.measurement;
}

/** The messages due in the window, by their number in the schedule. */
export function windowOf({ scenario, seed }: Tried): { readonly first: number; readonly dueNs: readonly number[] } {
  const schedule = createSchedule({ ...scenario, seed }, (scenario.warmupMs + scenario.durationMs) * 1e6, scenario.warmupMs * 1e6);
  const first = firstDueFrom(schedule, scenario.warmupMs * 1e6);
  return { first, dueNs: Array.from({ length: schedule.count - first }, (_, i) => schedule.dueAt(first + i)) };
}
