/** WebSocket on uWebSockets.js: it fans out, and bounds what waits for a slow reader, by itself. */
import type { WebSocket } from "uWebSockets.js";
import { startHeartbeat } from "../heartbeat.ts";
import type { Subscription } from "../hub.ts";
import type { ReferenceServer } from "../reference-server.ts";
import { readSubscribeRequest, type SubscribeRequest } from "../subscribe-request.ts";
import { createUwsServer, readHead, refuse, SHARED_COMPRESSOR, uwsLibrary } from "../uws-server.ts";
import { longestFrame, SERVER_STOPS, takeFrame, WEBSOCKET_SYNTAX } from "../websocket.ts";

/** What send answers when too much is waiting, and the message was not taken. */
const DROPPED = 2;
const BACKPRESSURE = 0;

interface Peer {
  readonly asked: SubscribeRequest;
  subscription?: Subscription;
  /** To be called once nothing waits any more. */
  drained?: (() => void) | undefined;
  awaitsPong: boolean;
}

export const server: ReferenceServer = {
  transport: "websocket",
  tls: true,
  library: uwsLibrary,
  async start({ options, hub, certificate, echo }) {
    const { binary, compression } = options;
    const sockets = new Set<WebSocket<Peer>>();
    const http = createUwsServer({ certificate }, (res, head) => {
      const asked = readSubscribeRequest(head, WEBSOCKET_SYNTAX);
      if ("status" in asked) return refuse(res, asked);
      const headers = { upgrade: "websocket" };
      if (head.headers.upgrade !== undefined) return refuse(res, { status: 400, message: "an upgrade without a good sec-websocket-key" });
      refuse(res, { status: 426, message: `a plain request for ${WEBSOCKET_SYNTAX.path}: expected an upgrade to websocket`, headers });
    });

    // It gathers what is published in one turn of its loop and writes it to each subscriber at once: a batch needs nothing more.
    hub.fanOutBy((topic, { payload }) => http.app.publish(topic, payload, binary, compression));

    http.app.ws<Peer>(WEBSOCKET_SYNTAX.path, {
      // Shared by all connections: it compresses each message by itself.
      compression: compression ? SHARED_COMPRESSOR : 0,
      maxPayloadLength: longestFrame(echo),
      maxBackpressure: options.backpressureBytes,
      closeOnBackpressureLimit: 1,
      // Its own pings come in whole seconds, 8 at least; the heartbeat below is finer.
      idleTimeout: 0,
      sendPingsAutomatically: false,

      upgrade(res, req, context) {
        const head = readHead(req);
        const asked = "status" in head ? head : readSubscribeRequest(head, WEBSOCKET_SYNTAX);
        if ("status" in asked) return refuse(res, asked);
        if (req.getHeader("upgrade").toLowerCase() !== "websocket" || req.getHeader("sec-websocket-version") !== "13") {
          return refuse(res, { status: 400, message: "a malformed upgrade: expected websocket, version 13" });
        }
        const extensions = compression ? req.getHeader("sec-websocket-extensions") : "";
        const peer: Peer = { asked, awaitsPong: false };
        res.upgrade(peer, req.getHeader("sec-websocket-key"), req.getHeader("sec-websocket-protocol"), extensions, context);
      },

      open(socket) {
        sockets.add(socket);
        const peer = socket.getUserData();
        const { topic, after } = peer.asked;
        peer.subscription = hub.subscribe(topic, after, {
          unsentBytes: () => socket.getBufferedAmount(),
          write({ payload }, flushed) {
            const status = socket.send(payload, binary, compression);
            if (flushed === undefined || status === DROPPED) return;
            if (status === BACKPRESSURE) peer.drained = flushed;
            else setImmediate(flushed);
          },
          drop: () => socket.close(),
          join: () => socket.subscribe(topic),
        });
        socket.send(JSON.stringify(peer.subscription.hello));
        peer.subscription.start();
      },

      drain(socket) {
        const peer = socket.getUserData();
        if (peer.drained === undefined || socket.getBufferedAmount() > 0) return;
        const { drained } = peer;
        peer.drained = undefined;
        drained();
      },

      // It shuts the socket by itself, and its close follows.
      dropped: (socket, message) => socket.getUserData().subscription?.refused(Buffer.from(message).toString()),

      pong: (socket) => void (socket.getUserData().awaitsPong = false),

      message(socket, message) {
        const { asked, subscription } = socket.getUserData();
        const close = takeFrame(echo, asked.topic, Buffer.from(message));
        if (close === undefined) return;
        subscription?.end();
        socket.end(...close);
      },

      close(socket) {
        sockets.delete(socket);
        socket.getUserData().subscription?.end();
      },
    });

    const stopHeartbeat = startHeartbeat(options.heartbeatMs, () => {
      for (const socket of sockets) {
        const peer = socket.getUserData();
        if (peer.awaitsPong) {
          socket.close();
        } else {
          peer.awaitsPong = true;
          // Above the bound a ping would be refused, and taken for a message that was.
          if (socket.getBufferedAmount() <= options.backpressureBytes) socket.ping();
        }
      }
    });

    const port = await http.listen(options.host, options.port);
    return {
      port,
      connections: () => sockets.size,
      async close() {
        stopHeartbeat();
        for (const socket of sockets) socket.end(...SERVER_STOPS);
        http.close();
      },
    };
  },
};
