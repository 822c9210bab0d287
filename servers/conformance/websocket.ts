/** WebSocket with ws. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket, type ClientOptions } from "ws";
import type { ServerProcess } from "./server-process.ts";
import { receiveInto, webSocketClient } from "./websocket-client.ts";

export const websocket = webSocketClient(
  async (server, path, options = {}) => {
    const socket = new WebSocket(urlOf(server, path), { ...optionsOf(server), ...options });
    return { socket, inbox: receiveInto(socket), vanish: () => socket.terminate() };
  },
  {
    async refused(server, path) {
      const socket = new WebSocket(urlOf(server, path), optionsOf(server));
      const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
      response.destroy();
      return response.statusCode!;
    },
  },
);

function urlOf(server: ServerProcess, path: string): string {
  return `${server.url.replace(/^http/, "ws")}${path}`;
}

function optionsOf(server: ServerProcess): ClientOptions {
  return server.ready.ca === undefined ? {} : { ca: server.ready.ca };
}
