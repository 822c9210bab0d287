/** The port of a server on node:net, whatever it speaks: a deep backlog, and closed for sure. */
import type { AddressInfo, Server, Socket } from "node:net";

export interface Listening {
  /** Listens and answers the port; rejects with the error of `listen`. */
  listen(host: string, port: number): Promise<number>;
  /** TCP connections that are open. */
  connections(): number;
  /** Stops listening, lets answers under way end, `endIdle` what has none, and cuts what is still open after a grace. */
  close(endIdle: () => void): Promise<void>;
}

/** The kernel cuts it down to `net.core.somaxconn`. */
const BACKLOG = 8192;
const CLOSE_GRACE_MS = 500;

export function createListening(server: Server): Listening {
  // Below TLS and before the first request, where a server's own list of connections does not reach.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port, backlog: BACKLOG }, () => {
          server.off("error", reject);
          resolve((server.address() as AddressInfo).port);
        });
      }),
    connections: () => sockets.size,
    close: (endIdle) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        endIdle();
      }),
  };
}
