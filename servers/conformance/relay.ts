/** Stands between clients and a server, and counts the pieces in which its bytes come: a write that fits into one is one. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import type { ServerProcess } from "./server-process.ts";

export interface Relay {
  /** The server, its subscribers' port behind this relay. */
  readonly server: ServerProcess;
  /** Pieces that have come from the server so far, over all connections. */
  pieces(): number;
  close(): void;
}

export async function openRelay(server: ServerProcess): Promise<Relay> {
  const sockets = new Set<Socket>();
  let pieces = 0;

  function track(socket: Socket, other: Socket): void {
    sockets.add(socket);
    socket.setNoDelay();
    socket.on("error", () => other.destroy());
    socket.on("close", () => other.destroy());
  }

  const listener = createServer((client) => {
    const upstream = connect(server.ready.port, "127.0.0.1");
    track(client, upstream);
    track(upstream, client);
    upstream.on("data", () => pieces++);
    client.pipe(upstream).pipe(client);
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const { port } = listener.address() as AddressInfo;
  const url = new URL(server.url);
  url.port = String(port);
  return {
    server: { ...server, url: url.origin, ready: { ...server.ready, port } },
    pieces: () => pieces,
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
