/**
 * Does a capacity search find a limit that is known: searches on servers that are slow by construction, each with a limit drawn from its
 * seed, through the ordinary path (METHOD, capacity search, its proof).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../servers/fault.ts";
import type { CapacityQuestion, ServerCapacity } from "./capacity-record.ts";
import { searchServer } from "./capacity/server-search.ts";
import { parseSlo } from "./capacity/slo.ts";
import { ensureBuilt } from "./compiled.ts";
import { seededRandom } from "./random.ts";
import { makeScenario } from "./suite-file.ts";
import type { KnownServer } from "./suite-file.ts";
import { runTrial } from "./trial.ts";

/** Slow above so many connections, or no faster than so many deliveries a second. */
export type Limitation = "connections" | "deliveries";

export interface Planted {
  readonly seed: number;
  /** In connections. */
  readonly limit: number;
  readonly found: ServerCapacity;
  readonly contained: boolean;
}

/** The limits lie between, evenly by their logarithm. */
const LIMITS = [100, 400] as const;
const FROM = 50;
/** What a message is late by on a server with a connection too many. */
const LATE_MS = 150;
const RATE = 20;

/** Short, for a search has some twenty trials; a backlog needs seconds to show in. */
const WORKLOAD: Readonly<Record<Limitation, Readonly<Record<string, string | number>>>> = {
  connections: { settle: "100ms", warmup: "300ms", duration: "1500ms" },
  deliveries: { settle: "100ms", warmup: "1s", duration: "5s" },
};

/** Makes one search a seed; throws where a trial could not be made at all. */
export async function studyCapacity(
  server: KnownServer & { readonly transport: string },
  limitation: Limitation,
  seeds: readonly number[],
  signal: AbortSignal,
  onSearch: (planted: Planted) => void = () => {},
): Promise<Planted[]> {
  await ensureBuilt();
  const folder = await mkdtemp(join(tmpdir(), "pushbench-capacity-"));
  try {
    const all: Planted[] = [];
    for (const seed of seeds) {
      const planted = await searchPlanted(server, limitation, seed, join(folder, "injected.json"), signal);
      signal.throwIfAborted();
      all.push(planted);
      onSearch(planted);
    }
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function searchPlanted(
  server: KnownServer & { readonly transport: string },
  limitation: Limitation,
  seed: number,
  account: string,
  signal: AbortSignal,
): Promise<Planted> {
  const limit = plantedLimit(seed);
  const program = { file: "servers/faulty/serve.ts", args: [JSON.stringify([faultOf(limitation, limit)]), account] };
  const scenario = makeScenario(server, {
    name: "planted",
    subscribers: FROM,
    rate: `${RATE}/s`,
    drain: "5s",
    connectRate: "5k/s",
    ...WORKLOAD[limitation],
  });
  const question: CapacityQuestion = {
    vary: "connections",
    slo: parseSlo("delivery_latency_ms.p99 < 100 and messages_lost == 0 and messages_duplicated == 0"),
    scenario,
    servers: [server.name],
    confirmMs: 2 * scenario.durationMs,
    maxMs: Infinity,
    maxSteps: 40,
  };
  let index = 0;
  const searched = { server: server.name, transport: server.transport, polls: false, startedHere: true };
  const found = await searchServer(question, searched, [], {
    signal,
    trial(level, repetition) {
      const plan = {
        index: ++index,
        repetition,
        server: server.name,
        transport: server.transport,
        scenario: level,
        seed: seed * 1000 + index,
      };
      return runTrial(plan, { signal, onPhase() {}, onSecond() {}, sabotage: { program } });
    },
    judged() {},
  });
  return { seed, limit, found, contained: contains(found, limit) };
}

/** In connections; of the ones drawn from seeds half lie below 200. */
export function plantedLimit(seed: number): number {
  const [low, high] = LIMITS;
  return Math.round(low * (high / low) ** seededRandom(seed)());
}

function faultOf(limitation: Limitation, limit: number): Fault {
  return limitation === "connections" ? { kind: "crowd", above: limit, ms: LATE_MS } : { kind: "throttle", perSecond: limit * RATE };
}

/** Whether the limit itself held, and one above it broke. */
export function contains({ answer: { held, broke } }: Pick<ServerCapacity, "answer">, limit: number): boolean {
  return held !== undefined && broke !== undefined && held <= limit && limit < broke;
}
