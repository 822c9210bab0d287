/** WebSocket with ws. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket, type ClientOptions } from "ws";
import type { Hello } from "../contract.ts";
import { target, type Client } from "./client.ts";
import { createInbox, type Inbox } from "./inbox.ts";
import type { ServerProcess } from "./server-process.ts";

export const websocket: Client = {
  path: "/ws",
  cursor: "from",
  holds: true,
  keepsCr: true,
  async subscribe(server, query) {
    const { socket, inbox } = openSocket(server, target(websocket, query));
    const ended = closed(socket).then((code) => {
      inbox.fail(new Error(`closed with ${code}`));
      return code;
    });
    return {
      hello: JSON.parse(await inbox.next()) as Hello,
      take: inbox.take,
      async leave() {
        socket.close(1000);
        await ended;
      },
      async vanish() {
        socket.terminate();
        await ended;
      },
      ended,
    };
  },
  async stall(server, query) {
    const { socket, inbox } = openSocket(server, target(websocket, query));
    await inbox.next();
    socket.pause();
    return {
      async readToEnd() {
        socket.resume();
        await closed(socket);
      },
      async vanish() {
        socket.terminate();
        await closed(socket);
      },
    };
  },
  async heartbeat(server, topic) {
    const { socket } = openSocket(server, target(websocket, { topic }));
    await once(socket, "ping");
    socket.terminate();
  },
  async refused(server, path) {
    const socket = new WebSocket(urlOf(server, path), optionsOf(server));
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
    response.destroy();
    return response.statusCode!;
  },
};

/** Opens a socket whose frames, all of which must be text, go into an inbox. */
export function openSocket(server: ServerProcess, path: string, options: ClientOptions = {}): { socket: WebSocket; inbox: Inbox<string> } {
  const socket = new WebSocket(urlOf(server, path), { ...optionsOf(server), ...options });
  const inbox = createInbox<string>();
  socket.on("error", (error) => inbox.fail(error));
  socket.on("message", (data, isBinary) => {
    if (isBinary) inbox.fail(new Error("a binary frame"));
    else inbox.push((data as Buffer).toString("utf8"));
  });
  return { socket, inbox };
}

/** The close code; 1006 when the connection ended without one. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once("close", resolve));
}

function urlOf(server: ServerProcess, path: string): string {
  return `${server.url.replace(/^http/, "ws")}${path}`;
}

function optionsOf(server: ServerProcess): ClientOptions {
  return server.ready.ca === undefined ? {} : { ca: server.ready.ca };
}
