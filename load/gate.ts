/** The rounds of a gate: every server in both versions side by side, cell by cell in an order shuffled anew each round, each saved as it ends. */
import { loadCatalog } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import { readEnvironment } from "./environment.ts";
import { BUSY_CORES, GATE_SCHEMA_VERSION } from "./gate-record.ts";
import type { GateCell, GateMode, GateQuestion, GateRecord, GateRound, SavedGate, VersionName } from "./gate-record.ts";
import { saveGate, saveRound } from "./gate-results.ts";
import { runRound } from "./gate/round.ts";
import type { Startable } from "./gate/round.ts";
import type { ReadyVersion } from "./gate/version.ts";
import { watchNeighbours } from "./machine/neighbours.ts";
import { serversHere } from "./plan.ts";
import { seededRandom, shuffled } from "./random.ts";
import { lockRun } from "./run-lock.ts";
import { serverName } from "./suite.ts";
import type { Suite } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

export { readyVersion } from "./gate/version.ts";
export type { ReadyVersion } from "./gate/version.ts";

export interface GateOptions {
  readonly suite: Suite;
  readonly question: GateQuestion;
  readonly versions: Readonly<Record<VersionName, ReadyVersion>>;
  /** Empty or absent folder that takes `gate.json` and `rounds/`. */
  readonly directory: string;
  /** The command as typed, for the record. */
  readonly command: string;
  readonly seed: number;
  /** `auto`: as the neighbours of this machine have it. */
  readonly mode: GateMode | "auto";
  /** No round is begun that would end later, by what those before took. */
  readonly budgetMs: number;
}

export interface GateWatch {
  /** Aborting it ends the round within seconds, which is not kept. */
  readonly signal: AbortSignal;
  onRound(round: GateRound, progress: GateProgress): void;
}

export interface GateProgress {
  readonly done: number;
  readonly planned: number;
  /** By what the rounds took so far. */
  readonly leftMs: number;
}

const WATCH_MS = 1500;

/**
 * Makes the rounds of a gate. What goes wrong with a version is in the rounds; throws {@link UsageError} where nothing of the suite can be
 * gated here, and where results cannot be saved.
 */
export async function runGate(options: GateOptions, watch: GateWatch): Promise<SavedGate> {
  const { suite, versions, directory, question, seed } = options;
  await ensureBuilt();
  const { mode, modeReason } = await chooseMode(options.mode);
  const { servers, unavailable } = serversHere(suite.servers, await loadCatalog());
  const cells = servers.flatMap(({ server, transport }) =>
    suite.scenarios.map((scenario): GateCell => ({ server: serverName(server), transport, scenario })),
  );
  if (cells.length === 0) {
    throw new UsageError(
      `no server of ${suite.name} runs here: ${unavailable.map(({ server, reason }) => `${server}: ${reason}`).join("; ")}`,
    );
  }
  const startables = startablesOf(suite, versions);
  const unlock = await lockRun(directory);
  try {
    const begun: GateRecord = {
      schemaVersion: GATE_SCHEMA_VERSION,
      status: "partial",
      command: options.command,
      startedAt: new Date().toISOString(),
      seed,
      versions: { base: versions.base.version, head: versions.head.version },
      suite: { name: suite.name, file: suite.file },
      question,
      cells,
      unavailable,
      mode,
      modeReason,
      environment: await readEnvironment(process.cwd()),
    };
    await saveGate(directory, begun);
    const { rounds, stopped } = await makeRounds(
      { directory, pass: "first", cells, startables, question, seed, mode, made: 0, budgetMs: options.budgetMs },
      watch,
    );
    const record: GateRecord = {
      ...begun,
      status: stopped === undefined ? "complete" : "partial",
      endedAt: new Date().toISOString(),
      ...(stopped === undefined ? {} : { stopped }),
    };
    await saveGate(directory, record);
    return { directory, record, rounds };
  } finally {
    await unlock();
  }
}

/** The rounds of these cells once more, with another seed, for what failed in them: independent of the first ones. */
export async function confirmGate(
  { directory, record, rounds }: SavedGate,
  cells: readonly GateCell[],
  { suite, versions, budgetMs }: Pick<GateOptions, "suite" | "versions" | "budgetMs">,
  watch: GateWatch,
): Promise<SavedGate> {
  const unlock = await lockRun(directory);
  try {
    const { question, mode } = record;
    // Far from the seeds of the first pass, which are numbered one after the other.
    const seed = (record.seed + 0x5eed_0000) >>> 0;
    const plan = { directory, pass: "confirmation" as const, cells, startables: startablesOf(suite, versions), question, seed, mode };
    const confirmed = await makeRounds({ ...plan, made: rounds.length, budgetMs }, watch);
    const ended: GateRecord = {
      ...record,
      endedAt: new Date().toISOString(),
      ...(confirmed.stopped === undefined ? {} : { status: "partial", stopped: confirmed.stopped }),
    };
    await saveGate(directory, ended);
    return { directory, record: ended, rounds: [...rounds, ...confirmed.rounds] };
  } finally {
    await unlock();
  }
}

/** By the name of its server, each cell's two versions. */
function startablesOf(suite: Suite, { base, head }: GateOptions["versions"]): Map<string, Readonly<Record<VersionName, Startable>>> {
  return new Map(suite.servers.map((server) => [serverName(server), { base: base.startable(server), head: head.startable(server) }]));
}

interface Making {
  readonly directory: string;
  readonly pass: GateRound["pass"];
  readonly cells: readonly GateCell[];
  readonly startables: ReadonlyMap<string, Readonly<Record<VersionName, Startable>>>;
  readonly question: GateQuestion;
  readonly seed: number;
  readonly mode: GateMode;
  /** Rounds that were made before. */
  readonly made: number;
  readonly budgetMs: number;
}

async function makeRounds(
  { directory, pass, cells, startables, question, seed, mode, made, budgetMs }: Making,
  { signal, onRound }: GateWatch,
): Promise<{ readonly rounds: GateRound[]; readonly stopped?: string }> {
  const random = seededRandom(seed);
  const planned = question.rounds * cells.length;
  const rounds: GateRound[] = [];
  const startedMs = performance.now();
  for (let round = 1; round <= question.rounds; round++) {
    for (const cell of shuffled(cells, random)) {
      if (signal.aborted) return { rounds, stopped: `interrupted after ${rounds.length} of ${planned} rounds` };
      const elapsedMs = performance.now() - startedMs;
      const eachMs = rounds.length === 0 ? 0 : elapsedMs / rounds.length;
      if (elapsedMs + eachMs > budgetMs) {
        const budget = `${Math.round(budgetMs / 1000)} s`;
        return {
          rounds,
          stopped: `the budget of ${budget} was spent after ${rounds.length} of ${planned} rounds, of ${(eachMs / 1000).toFixed(1)} s each`,
        };
      }
      const index = made + rounds.length + 1;
      const ended = await runRound(
        { index, pass, round, seed: (seed + index) >>> 0, mode, cell, versions: startables.get(cell.server)! },
        signal,
      );
      // Half a round says nothing; what was saved before it stays.
      if (signal.aborted) continue;
      await saveRound(directory, ended);
      rounds.push(ended);
      const left = planned - rounds.length;
      onRound(ended, { done: rounds.length, planned, leftMs: (left * (performance.now() - startedMs)) / rounds.length });
    }
  }
  return { rounds };
}

async function chooseMode(asked: GateMode | "auto"): Promise<Pick<GateRecord, "mode" | "modeReason">> {
  if (asked !== "auto") return { mode: asked, modeReason: "it was asked for" };
  const neighbours = await watchNeighbours(WATCH_MS);
  const cores = neighbours.reduce((sum, neighbour) => sum + neighbour.cores, 0);
  const others = `other processes used ${cores.toFixed(2)} cores before it began`;
  return cores > BUSY_CORES
    ? { mode: "duet", modeReason: `${others}: what they do then meets both versions alike` }
    : { mode: "interleaved", modeReason: others };
}
