/** The harness measures itself: servers and generators that are wrong in known ways, and whether the ordinary report says so. */
import type { CatalogEntry } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import { batched } from "./selftest/batched.ts";
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
import { runSeries } from "./selftest/series.ts";
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
  "long-polling-node": [batched],
  "polling-node": [nothingWrong, miscounted, CONSTANT_DELAY],
  "sse-node": [nothingWrong, TWO_MODES, batched, reconnecting, burning, growing],
  "websocket-ws": [nothingWrong, miscounted, LOG_NORMAL, leaking, stalled, drifting, starved],
};
const EVERYTHING: readonly Experiment[] = [
  nothingWrong,
  miscounted,
  reconnecting,
  CONSTANT_DELAY,
  TWO_MODES,
  LOG_NORMAL,
  batched,
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
  const experiments: (() => Promise<readonly Row[]>)[] = [];
  for (const entry of catalog) {
    if (!entry.available) continue;
    const bench = await openBench(entry, signal);
    for (const experiment of full ? EVERYTHING : (SHORT[entry.name] ?? [])) experiments.push(() => experiment(bench));
  }
  return runSeries(experiments, { repeats: full ? experiments.length >> 2 : 8, signal, onRow });
}
