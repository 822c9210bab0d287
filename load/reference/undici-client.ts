/** An undici client over HTTP/1.1, which holds one connection at a time. */
import type { Socket } from "node:net";
import { Client } from "undici";
import type { Address, OpenTimes, Reads } from "../transport.ts";
import { createConnector, originOf } from "./undici-connector.ts";

export interface UndiciClient {
  readonly client: Client;
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
    connect: createConnector(address, "http/1.1", reads, { dialling: (dialled) => (socket = dialled), connected }),
  });
  return {
    client,
    close() {
      void client.destroy();
      socket?.destroy();
    },
  };
}
