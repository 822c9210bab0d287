import type { Row } from "./row.ts";

export interface SeriesOptions {
  /** How often, in all, something that the machine spoiled is done again. */
  readonly repeats: number;
  readonly signal: AbortSignal;
  /** Told of each row as it is known for good. */
  onRow(row: Row): void;
}

/**
 * Does one after the other. What the machine spoiled says nothing of the figures: it is done again after all the others, for noise comes in
 * spells, and not for ever. What is wrong stays wrong. Ends early, with what there is, when `signal` is aborted.
 */
export async function runSeries(
  experiments: readonly (() => Promise<readonly Row[]>)[],
  { repeats, signal, onRow }: SeriesOptions,
): Promise<Row[]> {
  const rows: Row[] = [];
  const queue = [...experiments];
  let left = repeats;
  for (let experiment = queue.shift(); experiment !== undefined; experiment = queue.shift()) {
    if (signal.aborted) break;
    const found = await experiment();
    if (signal.aborted) break;
    if (left > 0 && isSpoiled(found)) {
      left--;
      queue.push(experiment);
      continue;
    }
    rows.push(...found);
    found.forEach(onRow);
  }
  return rows;
}

function isSpoiled(rows: readonly Row[]): boolean {
  return rows.every(({ verdict }) => verdict !== "fails") && rows.some(({ verdict }) => verdict === "invalid");
}
