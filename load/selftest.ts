/** The harness measures itself: servers and generators that are wrong in known ways, and whether the ordinary report says so. */
import type { CatalogEntry } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import { openBench } from "./selftest/bench.ts";
import { burning } from "./selftest/burning.ts";
import { CONSTANT_DELAY, LOG_NORMAL, TWO_MODES } from "./selftest/delayed.ts";
import { drifting } from "./selftest/drifting.ts";
import type { Experiment } from "./selftest/experiment.ts";
import { growing } from "./selftest/growing.ts";
import { leaking } from "./selftest/leaking.ts";
import { miscounted } from "./selftest/miscounted.ts";
import { nothingWrong } from "./selftest/nothing-wrong.ts";
import { reconnecting } from "./selftest/reconnecting.ts";
import { stalled } from "./selftest/stalled.ts";
import { starved } from "./selftest/starved.ts";
import type { Row } from "./selftest/row.ts";

export type { Row } from "./selftest/row.ts";

export interface SelftestOptions {
  readonly catalog: readonly CatalogEntry[];
  /** Every server that runs here, rather than one of each kind. */
  readonly full: boolean;
  readonly signal: AbortSignal;
  /** Told of each row as it is found. */
  onRow(row: Row): void;
}

/** One of each kind, and what is done to it: between them everything, in under two minutes. */
const SHORT: Readonly<Record<string, readonly Experiment[]>> = {
  "polling-node": [nothingWrong, miscounted, CONSTANT_DELAY],
  "sse-node": [nothingWrong, TWO_MODES, reconnecting, burning, growing],
  "websocket-ws": [nothingWrong, miscounted, LOG_NORMAL, leaking, stalled, drifting, starved],
};
const EVERYTHING: readonly Experiment[] = [
  nothingWrong,
  miscounted,
  reconnecting,
  CONSTANT_DELAY,
  TWO_MODES,
  LOG_NORMAL,
  burning,
  growing,
  leaking,
  stalled,
  drifting,
  starved,
];

/** Runs it; the rows in the order they were found. Ends early, with what there is, when `signal` is aborted. */
export async function selftest({ catalog, full, signal, onRow }: SelftestOptions): Promise<readonly Row[]> {
  await ensureBuilt();
  const rows: Row[] = [];
  let repeats = full ? 3 * catalog.length : 5;
  for (const entry of catalog) {
    const experiments = full ? EVERYTHING : (SHORT[entry.name] ?? []);
    if (!entry.available || experiments.length === 0) continue;
    const bench = await openBench(entry, signal);
    for (const experiment of experiments) {
      if (signal.aborted) return rows;
      let found = await experiment(bench);
      // What the machine spoiled says nothing of the figures: it is done again, but not for ever. What is wrong stays wrong.
      if (repeats > 0 && !signal.aborted && !found.some(isVerdict("fails")) && found.some(isVerdict("invalid"))) {
        repeats--;
        found = await experiment(bench);
      }
      for (const row of found) {
        if (signal.aborted) return rows;
        rows.push(row);
        onRow(row);
      }
    }
  }
  return rows;
}

const isVerdict =
  (verdict: Row["verdict"]) =>
  (row: Row): boolean =>
    row.verdict === verdict;
