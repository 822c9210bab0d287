/** Which generators are set beside each other, on which server, under which load. */
import type { CatalogEntry } from "../../servers/catalog.ts";
import { singleTrial } from "../single-trial.ts";
import type { Client } from "../transport.ts";
import { ECHO, FULL, OPENING, POLLS, SPARSE } from "./quantities.ts";
import type { Figures, Load } from "./quantities.ts";

export interface Contestant {
  /** `lean`, or the library or tool that it is. */
  readonly name: string;
  measure(signal: AbortSignal): Promise<Figures>;
}

export interface Contest {
  readonly server: string;
  readonly transport: string;
  /** The lean client is the first. */
  readonly contestants: readonly Contestant[];
}

/** Of each transport the server that costs least, for it leaves the generator most of the machine. */
const CONTESTS: readonly { readonly server: string; readonly library: string; readonly loads: readonly Load[] }[] = [
  { server: "websocket-uws", library: "ws", loads: [SPARSE, FULL, OPENING, ECHO] },
  { server: "websocket-http2-node", library: "ws", loads: [SPARSE, FULL, OPENING, ECHO] },
  { server: "sse-uws", library: "undici", loads: [SPARSE, FULL, OPENING] },
  { server: "sse-http2-node", library: "undici", loads: [SPARSE, FULL, OPENING] },
  { server: "stream-uws", library: "undici", loads: [SPARSE, FULL, OPENING] },
  { server: "stream-http2-node", library: "undici", loads: [SPARSE, FULL, OPENING] },
  { server: "long-polling-uws", library: "undici", loads: [SPARSE, OPENING] },
  { server: "polling-uws", library: "undici", loads: [OPENING] },
];

/** The server of the closed loop, and what drives it beside the lean client. */
export const POLLED = { server: "polling-uws", library: "autocannon" } as const;

/** Those whose servers run here, and of them those whose transport is among `only`. */
export function contestsOf(catalog: readonly CatalogEntry[], only?: readonly string[]): Contest[] {
  const runnable = catalog.filter((entry) => entry.available);
  return [...CONTESTS, { ...POLLED, loads: [POLLS] }].flatMap(({ server, library, loads }): Contest[] => {
    const entry = runnable.find(({ name }) => name === server);
    if (entry === undefined || (only !== undefined && !only.includes(entry.transport))) return [];
    return loads.map((load) => ({
      server,
      transport: entry.transport,
      contestants: [contestant("lean", entry, "lean", load), contestant(library, entry, "reference", load)],
    }));
  });
}

function contestant(
  name: string,
  server: Extract<CatalogEntry, { available: true }>,
  client: Client,
  { workload, figures }: Load,
): Contestant {
  return {
    name,
    async measure(signal) {
      const measurement = await singleTrial(server, { name: "generator", ...workload, client }, signal);
      const { lost, expected } = measurement.ledger.whole;
      if (lost > 0) throw new Error(`${server.name}, ${name}: ${lost} messages of ${expected} were lost`);
      return figures(measurement);
    },
  };
}
