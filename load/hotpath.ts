/** What one delivery costs a lean worker, by wire format and by stage, and what share of a real trial's generator that is. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { compiledFile, ensureBuilt } from "./compiled.ts";
import { FILLS, isDriven, STAGES } from "./hotpath/drive.ts";
import type { Driven, Fill, Stage } from "./hotpath/drive.ts";
import { FORMATS } from "./hotpath/formats.ts";
import type { WireFormat } from "./hotpath/formats.ts";
import { spread } from "./spread.ts";
import type { Spread } from "./spread.ts";

export { PAYLOAD_BYTES } from "./hotpath/drive.ts";
export { timeTrial } from "./hotpath/trial.ts";
export type { TrialCost } from "./hotpath/trial.ts";

/** What parsing, envelope, ledger and histograms may cost together, in ns. */
export const GOAL_NS = 250;

/** One wire format in reads of one fill, in ns of CPU for each delivery. The three parts are differences within a round, so their medians need not add up to `together`. */
export interface Cost {
  readonly format: string;
  /**
   * `full`: 64 KiB of messages a read; `sparse`: what the server sends at once, which is one message, or one answer to a poll; `own`: so as
   * well, but of a topic that no other subscriber has.
   */
  readonly fill: Fill;
  readonly parse: Spread;
  readonly envelope: Spread;
  /** Ledger, histograms, and the figures of the second. */
  readonly ledger: Spread;
  readonly together: Spread;
}

/** Timed messages of each subscriber: enough to be compiled before, and to last some ten milliseconds; of its own so many fit in memory. */
const MESSAGES: Readonly<Record<Fill, number>> = { full: 4000, sparse: 4000, own: 1000 };

/**
 * Each round runs every stage of every format once, in a process of its own: rounds are interleaved, so that a slow minute of the
 * machine falls on all, and no compiler's luck lasts longer than a round. Stops early when `signal` is aborted, by throwing.
 */
export async function timeHotPath(rounds: number, signal: AbortSignal, onRound: (done: number) => void = () => {}): Promise<Cost[]> {
  await ensureBuilt();
  const cells = FORMATS.flatMap((format) => FILLS.filter((fill) => isDriven(format, fill)).map((fill) => ({ format, fill })));
  const timed = cells.map((): Record<Stage, number>[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, { format, fill }] of cells.entries()) {
      const stages: Partial<Record<Stage, number>> = {};
      for (const stage of STAGES) stages[stage] = await drive(format, fill, stage, signal);
      timed[i]!.push(stages as Record<Stage, number>);
    }
    onRound(round);
  }
  return cells.map(({ format, fill }, i) => costOf(format.name, fill, timed[i]!));
}

async function drive({ name }: WireFormat, fill: Fill, stage: Stage, signal: AbortSignal): Promise<number> {
  const args = ["--expose-gc", compiledFile("load/hotpath/process.ts"), name, fill, stage, String(MESSAGES[fill])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
  return (JSON.parse(stdout) as Driven).nsPerDelivery;
}

/** The cost of one cell, from what each round took up to the end of each stage, in ns for each delivery. */
export function costOf(format: string, fill: Fill, rounds: readonly Readonly<Record<Stage, number>>[]): Cost {
  return {
    format,
    fill,
    parse: spread(rounds.map(({ parse }) => parse)),
    envelope: spread(rounds.map(({ parse, envelope }) => envelope - parse)),
    ledger: spread(rounds.map(({ envelope, receiver }) => receiver - envelope)),
    together: spread(rounds.map(({ receiver }) => receiver)),
  };
}
