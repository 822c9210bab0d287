/**
 * What the generator itself costs: the lean client beside the one on the library that users use, and beside other tools, in trials of the
 * ordinary path, with ledger, latencies and histograms on.
 */
import { ensureBuilt } from "./compiled.ts";
import { QUANTITIES } from "./generator-study/quantities.ts";
import type { Figures, Quantity } from "./generator-study/quantities.ts";
import type { Contest } from "./generator-study/contests.ts";
import { spread } from "./spread.ts";
import type { Spread } from "./spread.ts";

export { idleWorkerBytes } from "./generator-study/idle-worker.ts";
export { contestsOf, POLLED } from "./generator-study/contests.ts";
export type { Contest } from "./generator-study/contests.ts";
export { QUANTITIES } from "./generator-study/quantities.ts";
export type { Figures, Quantity } from "./generator-study/quantities.ts";

/** One quantity of two that do the same. */
export interface Standing {
  readonly transport: string;
  readonly server: string;
  readonly quantity: Quantity;
  readonly lean: Spread;
  /** Who stands beside it: `ws`, `undici`, `autocannon`, `wrk` … */
  readonly other: string;
  readonly theirs: Spread;
  /** Lean over theirs, round by round. */
  readonly ratio: Spread;
}

export interface StudyOptions {
  readonly contests: readonly Contest[];
  readonly rounds: number;
  readonly signal: AbortSignal;
  onRound(done: number): void;
}

/**
 * Each round has every contest once, its contestants one after the other, in every other round backwards. Throws when one of them failed, or
 * `signal` is aborted.
 */
export async function studyGenerator({ contests, rounds, signal, onRound }: StudyOptions): Promise<Standing[]> {
  await ensureBuilt();
  const told = contests.map(({ contestants }) => contestants.map((): Figures[] => []));
  for (let round = 0; round < rounds; round++) {
    for (const [c, { contestants }] of contests.entries()) {
      const order = [...contestants.keys()];
      for (const k of round % 2 === 0 ? order : order.toReversed()) {
        signal.throwIfAborted();
        told[c]![k]!.push(await contestants[k]!.measure(signal));
      }
    }
    onRound(round + 1);
  }
  return contests.flatMap((contest, c) => standings(contest, told[c]!));
}

/** From what each contestant's rounds told, in the order of the contestants. */
export function standings({ server, transport, contestants }: Contest, told: readonly (readonly Figures[])[]): Standing[] {
  const [lean, ...others] = told;
  return (Object.keys(QUANTITIES) as Quantity[]).flatMap((quantity) => {
    const own = valuesOf(lean!, quantity);
    return others.flatMap((rounds, i): Standing[] => {
      const theirs = valuesOf(rounds, quantity);
      if (own === undefined || theirs === undefined) return [];
      const ratio = spread(theirs.map((value, round) => own[round]! / value));
      return [{ transport, server, quantity, lean: spread(own), other: contestants[i + 1]!.name, theirs: spread(theirs), ratio }];
    });
  });
}

/** `undefined` where one round has none. */
function valuesOf(rounds: readonly Figures[], quantity: Quantity): number[] | undefined {
  const values = rounds.flatMap((figures) => figures[quantity] ?? []);
  return values.length === rounds.length ? values : undefined;
}
