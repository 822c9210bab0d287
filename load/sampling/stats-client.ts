import { Agent, request } from "node:http";
import type { ServerStats } from "../../servers/contract.ts";

export interface StatsClient {
  /** The answer of `GET /stats`; `undefined` when there is none within the timeout, or it is not one. Never rejects. */
  ask(): Promise<ServerStats | undefined>;
  /** Ends the connection it keeps. */
  close(): void;
}

/** An answer is about 400 bytes; whoever sends more is no control port. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks one control port, over one connection that is kept: the server holds one descriptor for it from the first answer on. */
export function createStatsClient(address: { readonly host: string; readonly port: number }, timeoutMs = 1000): StatsClient {
  // One socket, so that a slow answer costs the server no second descriptor that would look like a leak.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  return {
    ask() {
      return new Promise((resolve) => {
        const asking = request({ ...address, path: "/stats", agent }, (response) => {
          let body = "";
          response.setEncoding("latin1");
          response.on("data", (text: string) => {
            body += text;
            if (body.length > MAX_ANSWER_BYTES) asking.destroy();
          });
          response.on("end", () => settle(response.statusCode === 200 ? parseStats(body) : undefined));
          response.on("error", () => settle(undefined));
        });
        const timer = setTimeout(() => asking.destroy(), timeoutMs);
        const settle = (stats: ServerStats | undefined): void => {
          clearTimeout(timer);
          resolve(stats);
        };
        asking.on("error", () => settle(undefined));
        asking.on("close", () => settle(undefined));
        asking.end();
      });
    },
    close() {
      agent.destroy();
    },
  };
}

const NUMBERS = [
  "connections",
  "subscriptions",
  "published",
  "delivered",
  "droppedForBackpressure",
  "heapUsedBytes",
  "externalBytes",
  "loopActiveMs",
  "loopIdleMs",
  "gcCount",
  "gcMs",
] as const satisfies readonly (keyof ServerStats)[];

/** A foreign server may say anything: what is not whole would be NaN in the record. */
function parseStats(body: string): ServerStats | undefined {
  let stats: Partial<ServerStats> | null;
  try {
    stats = JSON.parse(body) as Partial<ServerStats> | null;
  } catch {
    return undefined;
  }
  const delay = stats?.loopDelayMs;
  const numbers = [...NUMBERS.map((name) => stats?.[name]), delay?.p50, delay?.p99, delay?.max];
  return numbers.every((value) => Number.isFinite(value)) ? (stats as ServerStats) : undefined;
}
