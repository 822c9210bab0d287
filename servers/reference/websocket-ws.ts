/** WebSocket on ws, beside node:http, without compression: it would stand in the CPU figures of this transport alone. */
import { STATUS_CODES } from "node:http";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { startHeartbeat } from "../heartbeat.ts";
import { createHttpServer, refusalBody, refuse, type Refusal } from "../http-server.ts";
import { encodeOnce } from "../hub.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest } from "../subscribe-request.ts";

const SYNTAX = { path: "/ws", cursor: "from" } as const;
/** Clients have nothing to say; a control frame has 125 bytes at most. */
const MAX_PAYLOAD_BYTES = 1024;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

export const server: ReferenceServer = {
  transport: "websocket",
  tls: true,
  library() {
    const { version } = createRequire(import.meta.url)("ws/package.json") as { version: string };
    return { name: "ws", version };
  },
  async start({ options, hub, certificate }) {
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD_BYTES,
    });
    const unanswered = new Set<WebSocket>();
    const frame = encodeOnce(({ payload }) => Buffer.from(payload));

    function accept(socket: WebSocket, topic: string, after: number | undefined): void {
      const subscription = hub.subscribe(topic, after, {
        unsentBytes: () => socket.bufferedAmount,
        write: (message, flushed) => socket.send(frame(message), { binary: false }, flushed && ((error) => error || flushed())),
        drop: () => socket.terminate(),
      });
      socket.on("pong", () => unanswered.delete(socket));
      socket.on("message", () => {
        subscription.end();
        socket.close(POLICY_VIOLATION, "this server only sends");
      });
      // A frame that breaks the protocol: ws closes with its code by itself, but must find a listener.
      socket.on("error", () => subscription.end());
      socket.on("close", () => {
        unanswered.delete(socket);
        subscription.end();
      });
      socket.send(JSON.stringify(subscription.hello));
      subscription.start();
    }

    const http = createHttpServer(certificate, (request, response) => {
      const asked = readSubscribeRequest(request, SYNTAX);
      if ("status" in asked) return refuse(response, asked);
      const headers = { upgrade: "websocket", connection: "Upgrade" };
      refuse(response, {
        status: 426,
        message: `a plain request for ${SYNTAX.path}: expected an upgrade to websocket`,
        headers,
      });
    });
    http.server.on("upgrade", (request, socket, head) => {
      const asked = readSubscribeRequest(request, SYNTAX);
      if ("status" in asked) return refuseUpgrade(socket, asked);
      sockets.handleUpgrade(request, socket, head, (accepted) => accept(accepted, asked.topic, asked.after));
    });

    const stopHeartbeat = startHeartbeat(options.heartbeatMs, () => {
      for (const socket of sockets.clients) {
        if (unanswered.has(socket)) {
          socket.terminate();
        } else {
          unanswered.add(socket);
          socket.ping();
        }
      }
    });

    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: () => sockets.clients.size,
      close() {
        stopHeartbeat();
        for (const socket of sockets.clients) socket.close(GOING_AWAY, "the server stops");
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
