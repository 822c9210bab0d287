/** An undici client over HTTP/1.1, which holds one connection at a time. */
import type { Socket } from "node:net";
import { Client } from "undici";
import type { Address, OpenTimes, Reads } from "../transport.ts";
import { createConnector, originOf } from "./undici-connector.ts";

/** Longer than any pause between two polls. */
const KEEP_ALIVE_MS = 10 * 60_000;

export interface UndiciClient {
  readonly client: Client;
  /** By the connection it holds, or held last. */
  bytesRead(): number;
  /** Closes without waiting, also while it connects. */
  close(): void;
}

/** `connected` is told of each connection: undici opens another where one was closed between two requests. */
export function createClient(address: Address, reads: Reads, connected: (times: Omit<OpenTimes, "upgradeMs">) => void): UndiciClient {
  let socket: Socket | undefined;
  const client = new Client(originOf(address), {
    // Whoever opens a subscriber bounds its opening; after that silence is no fault.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A connection that is to be kept is the server's to close.
    keepAliveTimeout: KEEP_ALIVE_MS,
    connect: createConnector(address, "http/1.1", reads, { dialling: (dialled) => (socket = dialled), connected }),
  });
  return {
    client,
    bytesRead: () => socket?.bytesRead ?? 0,
    close() {
      void client.destroy();
      socket?.destroy();
    },
  };
}
