/** Synthetic histories for the tests: points of a cell, a commit and a day each, their figures drawn from a seed. */
import type { HistoryPoint } from "../load/history-record.ts";
import { seededRandom } from "../load/random.ts";
import { fixtureReport } from "./fixture.ts";
import type { FixtureOptions } from "./fixture.ts";
import { historyPoints } from "./history-points.ts";
import type { RunData } from "./run-data.ts";
import type { Summary } from "./summary.ts";

export interface FixtureHistory {
  readonly count: number;
  /** What the CPU time a delivery is multiplied with at each point. */
  readonly cpu?: (i: number) => number;
  readonly alter?: (point: HistoryPoint, i: number) => HistoryPoint;
}

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

/** `count` copies of a point, one a day from 2026-01-01 on, by commits `0000001…`, `0000002…`; every figure with noise of 1 %. */
export function historyOf(template: HistoryPoint, { count, cpu = () => 1, alter = (point) => point }: FixtureHistory): HistoryPoint[] {
  const random = seededRandom(11);
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(START + i * DAY_MS).toISOString();
    const metrics = Object.fromEntries(
      Object.entries(template.metrics).map(([name, { median, low, high, n }]) => {
        const factor = (1 + 0.02 * (random() - 0.5)) * (name === "server_cpu_us_per_delivery" ? cpu(i) : 1);
        return [name, { median: median * factor, low: low * factor * 0.99, high: high * factor * 1.01, n }];
      }),
    );
    const commit = {
      id: String(i + 1)
        .padStart(7, "0")
        .padEnd(40, "a"),
      dirty: false,
      committedAt: at,
      branch: "main",
    };
    return alter({ ...template, at, run: `run-${i + 1}`, commit, metrics }, i);
  });
}

/** A run with the histories of its cells. */
export function historyReport(
  history: FixtureHistory | ((server: string) => FixtureHistory),
  options?: FixtureOptions,
): { readonly run: RunData & { readonly history: readonly HistoryPoint[] }; readonly summary: Summary } {
  const { run, summary } = fixtureReport(options);
  const points = historyPoints(run, summary).flatMap((point) =>
    historyOf(point, typeof history === "function" ? history(point.server) : history),
  );
  return { run: { ...run, history: points }, summary };
}
