/** WebSocket with ws. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { WebSocket, type ClientOptions } from "ws";
import type { ServerProcess } from "./server-process.ts";
import { receiveInto, webSocketClient } from "./websocket-client.ts";

export const websocket = webSocketClient(
  async (server, path, options = {}) => {
    const { autoPong = true, deflate = false } = options;
    const socket = new WebSocket(urlOf(server, path), { ...optionsOf(server), autoPong, perMessageDeflate: deflate });
    let connection: Socket;
    socket.once("upgrade", (response) => (connection = response.socket));
    return {
      socket,
      inbox: receiveInto(socket, options),
      write: (bytes) => connection.write(bytes),
      bytesRead: () => connection.bytesRead,
      vanish: () => socket.terminate(),
    };
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
