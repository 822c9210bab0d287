/** WebSocket on ws, beside node:http. */
import { STATUS_CODES } from "node:http";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { createHttpServer, refusalBody, refuse, type Refusal } from "../http-server.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";
import { longestFrame, WEBSOCKET_SYNTAX } from "../websocket.ts";
import { createWsSockets, DEFLATE } from "../ws-sockets.ts";

export const server: ReferenceServer = {
  transport: "websocket",
  tls: true,
  library() {
    const { version } = createRequire(import.meta.url)("ws/package.json") as { version: string };
    return { name: "ws", version };
  },
  async start(context) {
    const { options, certificate, echo } = context;
    const sockets = createWsSockets(context);
    const upgrades = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: options.compression && DEFLATE,
      maxPayload: longestFrame(echo),
    });
    const http = createHttpServer({ certificate }, (request, response) => {
      const asked = readSubscribeRequest(request, WEBSOCKET_SYNTAX);
      if ("status" in asked) return refuse(response, asked);
      const headers = { upgrade: "websocket", connection: "Upgrade" };
      refuse(response, {
        status: 426,
        message: `a plain request for ${WEBSOCKET_SYNTAX.path}: expected an upgrade to websocket`,
        headers,
      });
    });
    http.server.on("upgrade", (request, socket, head) => {
      const asked = readSubscribeRequest(request, WEBSOCKET_SYNTAX);
      if ("status" in asked) return refuseUpgrade(socket, asked);
      upgrades.handleUpgrade(request, socket, head, (accepted) => sockets.hold(accepted, socket, asked));
    });

    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: sockets.count,
      close() {
        sockets.close();
        return http.close();
      },
    };
  },
};

function refuseUpgrade(socket: Duplex, { status, message, headers }: Refusal): void {
  // The client may already be gone.
  socket.on("error", () => socket.destroy());
  const body = refusalBody(message);
  const lines = Object.entries({
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
    ...headers,
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${head}\r\n${body}`);
}
