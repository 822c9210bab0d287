/** A program that this project did not think of: rooms of socket.io, and a way in for messages over HTTP. */
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Server } from "socket.io";
import { listen } from "./listen.ts";

const server = createServer((request, response) => void publish(request, response));
// Pings often enough for a short trial to see that they are answered.
const io = new Server(server, { transports: ["websocket"], pingInterval: 300, pingTimeout: 600 });
io.on("connection", (socket) => void socket.join(String(socket.handshake.auth["room"])));

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const room = new URL(request.url!, "http://localhost").searchParams.get("room")!;
  io.to(room).emit("news", { text: await text(request) });
  response.end("ok");
}

listen(server);
