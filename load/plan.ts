/** Which trials a suite makes on this machine, and in which order; pure. */
import type { CatalogEntry } from "../servers/catalog.ts";
import type { RunRecord } from "./measurement.ts";
import { seededRandom, shuffled } from "./random.ts";
import type { RunningTarget, Scenario, Suite } from "./suite.ts";

export interface TrialPlan {
  /** Place in the order of the run, from 1. */
  readonly index: number;
  /** Repetition of its cell, from 1. */
  readonly repetition: number;
  readonly server: string | RunningTarget;
  readonly transport: string;
  /** That the server stands on; absent where it already runs. */
  readonly library?: string;
  readonly scenario: Scenario;
  readonly seed: number;
}

export interface Plan {
  readonly trials: readonly TrialPlan[];
  /** Servers that were asked for and cannot run here. */
  readonly unavailable: RunRecord["unavailable"];
}

/** Repetitions × scenarios × servers, shuffled as a whole by the suite's seed (METHOD R10), then in the order in which it climbs. */
export function planTrials(suite: Suite, catalog: readonly CatalogEntry[]): Plan {
  const { servers, unavailable } = serversHere(suite.servers, catalog);
  const repetitions = Array.from({ length: suite.trials }, (_, r) => r + 1);
  const cells = repetitions.flatMap((repetition) =>
    suite.scenarios.flatMap((scenario) => servers.map((server) => ({ ...server, scenario, repetition }))),
  );
  const order = shuffled(cells, seededRandom(suite.seed));
  const { climb } = suite;
  if (climb !== undefined) order.sort((a, b) => a.scenario[climb] - b.scenario[climb]);
  const trials = order.map((cell, i): TrialPlan => ({ ...cell, index: i + 1, seed: suite.seed + i }));
  return { trials, unavailable };
}

/** Those of the servers that run here, in their order, and why the others do not. */
export function serversHere(
  wanted: Suite["servers"],
  catalog: readonly CatalogEntry[],
): { readonly servers: readonly Pick<TrialPlan, "server" | "transport" | "library">[]; readonly unavailable: RunRecord["unavailable"] } {
  const known = new Map(catalog.map((entry) => [entry.name, entry]));
  const unavailable: { server: string; reason: string }[] = [];
  const servers: Pick<TrialPlan, "server" | "transport" | "library">[] = [];
  for (const server of wanted) {
    if (typeof server !== "string") {
      servers.push({ server, transport: server.transport });
      continue;
    }
    const entry = known.get(server);
    if (entry?.available === true) servers.push({ server, transport: entry.transport, library: entry.library.name });
    else unavailable.push({ server, reason: entry?.reason ?? "it is not in the catalogue" });
  }
  return { servers, unavailable };
}
