/**
 * What a gate would have said: rounds of a version against itself and against one that is worse by a known part, on this machine as it is
 * and beside busy neighbours; and whole gates of either kind. To be replayed, and counted (METHOD R12).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../servers/catalog.ts";
import { ensureBuilt } from "./compiled.ts";
import type { GateCell, GateMode, GateQuestion, GateRound, SavedGate } from "./gate-record.ts";
import { confirmGate, runGate } from "./gate.ts";
import { edited, LONGER_EVENTS, LOSES_ONE_IN_TEN_THOUSAND, withFaults } from "./gate/planted.ts";
import type { Edit } from "./gate/planted.ts";
import { runRound } from "./gate/round.ts";
import type { Startable } from "./gate/round.ts";
import type { ReadyVersion } from "./gate/version.ts";
import { startNeighbours } from "./selftest/neighbours.ts";
import { spread } from "./spread.ts";
import { readSuite } from "./suite-file.ts";
import { serverName } from "./suite.ts";
import type { Suite } from "./suite.ts";

/** What head is: the same as base, or that with so much more CPU a delivery and memory a connection. */
export type Planted = "nothing" | "10 %" | "5 %";
/** What of head is wrong in the gates that have to catch it every time. */
export const FAULTS = ["leaks a descriptor a connection", "sends 64 bytes more a message", "loses one message in ten thousand"] as const;
export type PlantedFault = (typeof FAULTS)[number];

/** The machine beside the gate: as it is, or with others at work on it. */
export type Neighbourhood = "quiet" | "busy";
const BUSY = { processes: 2, share: 0.3 };

export const MODE_OF: Readonly<Record<Neighbourhood, GateMode>> = { quiet: "interleaved", busy: "duet" };

export interface GateStudy {
  readonly cells: readonly GateCell[];
  readonly suite: Suite;
  /** What ten per cent are, by server. */
  readonly costs: ReadonlyMap<string, Costs>;
}

/** Of a server without any fault. */
export interface Costs {
  readonly cpuUsPerDelivery: number;
  readonly bytesPerConnection: number;
}

/** The suite `gate`, and what its servers cost: as it was measured before, or the median of some rounds against themselves. */
export async function beginStudy(known: GateStudy["costs"] | undefined, signal: AbortSignal): Promise<GateStudy> {
  await ensureBuilt();
  const catalog = await loadCatalog();
  const suite = await readSuite("gate", catalog);
  const cells = suite.servers.flatMap((server) => {
    const entry = catalog.find(({ name }) => name === serverName(server));
    return entry?.available === true
      ? suite.scenarios.map((scenario) => ({ server: entry.name, transport: entry.transport, scenario }))
      : [];
  });
  if (known !== undefined) return { cells, suite, costs: known };
  const costs = new Map<string, Costs>();
  for (const cell of cells) costs.set(cell.server, await costsOf(cell, signal));
  return { cells, suite, costs };
}

const PILOT_ROUNDS = 3;

async function costsOf(cell: GateCell, signal: AbortSignal): Promise<Costs> {
  const plain = withFaults(cell.server, []);
  const cpu: number[] = [];
  const bytes: number[] = [];
  for (let round = 1; round <= PILOT_ROUNDS; round++) {
    const { arms } = await runRound(
      { index: round, pass: "first", round, seed: round, mode: "interleaved", cell, versions: { base: plain, head: plain } },
      signal,
    );
    signal.throwIfAborted();
    for (const { metrics, failure } of Object.values(arms)) {
      if (failure !== undefined) throw new Error(`a pilot round of ${cell.server} failed: ${failure.message}`);
      cpu.push(metrics["server_cpu_us_per_delivery"]!);
      bytes.push(metrics["server_memory_per_connection_bytes"]!);
    }
  }
  return { cpuUsPerDelivery: spread(cpu).median, bytesPerConnection: spread(bytes).median };
}

/** Head of a cell; base is the same without any fault. */
function planted({ costs }: GateStudy, { server, scenario }: GateCell, what: Planted): Startable {
  if (what === "nothing") return withFaults(server, []);
  const { cpuUsPerDelivery, bytesPerConnection } = costs.get(server)!;
  const share = what === "10 %" ? 0.1 : 0.05;
  return withFaults(server, [
    // A message is for those who follow its topic.
    { kind: "burn", ms: (share * cpuUsPerDelivery * scenario.subscribers) / scenario.topics / 1000 },
    { kind: "weigh", bytes: Math.round(share * bytesPerConnection) },
  ]);
}

export interface Recording {
  readonly planted: Planted;
  readonly neighbourhood: Neighbourhood;
  /** Of each cell. */
  readonly rounds: number;
  /** Rounds of all cells that there are already. */
  readonly made: number;
  readonly firstSeed: number;
}

/** Makes rounds of every cell, cell after cell, telling each. */
export async function recordRounds(
  study: GateStudy,
  { planted: what, neighbourhood, rounds, made, firstSeed }: Recording,
  signal: AbortSignal,
  onRound: (round: GateRound) => void | Promise<void>,
): Promise<void> {
  await inNeighbourhood(neighbourhood, async () => {
    let index = 0;
    for (let round = 1; round <= rounds; round++) {
      for (const cell of study.cells) {
        if (++index <= made) continue;
        const versions = { base: withFaults(cell.server, []), head: planted(study, cell, what) };
        const plan = { index, pass: "first" as const, round, seed: firstSeed + index, mode: MODE_OF[neighbourhood], cell, versions };
        const ended = await runRound(plan, signal);
        signal.throwIfAborted();
        await onRound(ended);
      }
    }
  });
}

export interface LiveGate {
  readonly head: Planted | PlantedFault;
  readonly neighbourhood: Neighbourhood;
  readonly server: string;
  readonly question: GateQuestion;
  readonly seed: number;
}

/** A whole gate on one server, and its confirmation where `failed` asks for one. */
export async function liveGate(
  study: GateStudy,
  { head, neighbourhood, server, question, seed }: LiveGate,
  failed: (gate: SavedGate) => readonly GateCell[],
  signal: AbortSignal,
): Promise<SavedGate> {
  const cell = study.cells.find((each) => each.server === server)!;
  const { base, head: worse, dispose } = await versionsOf(study, cell, head);
  const directory = await mkdtemp(join(tmpdir(), "pushbench-live-gate-"));
  const version = (asked: string, startable: Startable): ReadyVersion => ({
    version: { asked, kind: "folder" },
    startable: () => startable,
    dispose: async () => {},
  });
  const options = {
    suite: { ...study.suite, servers: [server] },
    question,
    versions: { base: version("base", base), head: version(head, worse) },
    directory,
    command: "bench:gate",
    seed,
    mode: MODE_OF[neighbourhood],
    budgetMs: Infinity,
  };
  const watch = { signal, onRound() {} };
  try {
    return await inNeighbourhood(neighbourhood, async () => {
      const gate = await runGate(options, watch);
      signal.throwIfAborted();
      const again = failed(gate);
      return again.length === 0 ? gate : confirmGate(gate, again, options, watch);
    });
  } finally {
    await dispose();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Base and head: an edited version is held against the plain one, a faulty one against the faulty one without faults. */
async function versionsOf(
  study: GateStudy,
  cell: GateCell,
  head: LiveGate["head"],
): Promise<{ readonly base: Startable; readonly head: Startable; dispose(): Promise<void> }> {
  const { server } = cell;
  const faulty = (worse: Startable) => ({ base: withFaults(server, []), head: worse, dispose: async () => {} });
  const changed = async (edit: Edit) => {
    const { startable, dispose } = await edited([edit]);
    return { base: { server }, head: startable(server), dispose };
  };
  switch (head) {
    case "nothing":
    case "10 %":
    case "5 %":
      return faulty(planted(study, cell, head));
    case "leaks a descriptor a connection":
      return faulty(withFaults(server, [{ kind: "leak", descriptors: 1 }]));
    case "sends 64 bytes more a message":
      return changed(LONGER_EVENTS);
    case "loses one message in ten thousand":
      return changed(LOSES_ONE_IN_TEN_THOUSAND);
  }
}

async function inNeighbourhood<T>(neighbourhood: Neighbourhood, work: () => Promise<T>): Promise<T> {
  if (neighbourhood === "quiet") return work();
  const neighbours = startNeighbours(BUSY.processes, BUSY.share);
  try {
    return await work();
  } finally {
    await neighbours.stop();
  }
}
