/** Stands between a client and a server: counts the bytes of both directions, delays them, and cuts connections. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface Relay {
  readonly port: number;
  /** Over all connections so far: `up` is towards the server. */
  bytes(): { readonly up: number; readonly down: number };
  /** Ends every connection at both of its ends, as a network does that fails. */
  cut(): void;
  close(): void;
}

export interface RelayOptions {
  /** For what passes, in each direction; to connect takes none. */
  readonly delayMs?: number;
}

export async function openRelay(
  target: { readonly host: string; readonly port: number },
  { delayMs = 0 }: RelayOptions = {},
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const passed = { up: 0, down: 0 };

  function pass(from: Socket, to: Socket, direction: keyof typeof passed): void {
    sockets.add(from);
    from.setNoDelay();
    from.on("data", (bytes) => {
      passed[direction] += bytes.length;
      // Timers of the same length go off in the order in which they were set.
      if (delayMs > 0) setTimeout(() => to.write(bytes), delayMs);
      else to.write(bytes);
    });
    from.on("end", () => (delayMs > 0 ? setTimeout(() => to.end(), delayMs) : to.end()));
    from.on("error", () => to.destroy());
    from.on("close", () => {
      sockets.delete(from);
      if (delayMs === 0) to.destroy();
    });
  }

  const listener = createServer((client) => {
    const upstream = connect(target);
    pass(client, upstream, "up");
    pass(upstream, client, "down");
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    port: (listener.address() as AddressInfo).port,
    bytes: () => ({ ...passed }),
    cut,
    close() {
      listener.close();
      cut();
    },
  };
}
