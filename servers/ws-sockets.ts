/** Sockets of ws, whatever carries their frames: who holds one, what the hub sends to it, a ping after silence, its close. */
import type { Duplex } from "node:stream";
import type { PerMessageDeflateOptions, WebSocket } from "ws";
import { startHeartbeat } from "./heartbeat.ts";
import type { Message } from "./history.ts";
import { encodeOnce } from "./hub.ts";
import type { ServerContext } from "./reference-server.ts";
import type { SubscribeRequest } from "./subscribe-request.ts";
import { SERVER_STOPS, takeFrame } from "./websocket.ts";

export interface WsSockets {
  /** Sends the hello, then what the subscriber asked for, until the socket closes; `carrier` is what its frames are written to. */
  hold(socket: WebSocket, carrier: Carrier, asked: SubscribeRequest, cut?: Cut): void;
  /** Sockets held now. */
  count(): number;
  /** Begins to close them all. */
  close(): void;
}

/**
 * How ws compresses where it is asked to. Each message by itself, as uWebSockets.js does it and the lean clients ask for: with a context
 * that is kept, each connection would hold zlib's windows, and its size would be of all that went before. ws then leaves messages under
 * 1 KiB as they are, unless told otherwise.
 */
export const DEFLATE: PerMessageDeflateOptions = { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: 0 };

/** A stream that can keep what is written to it back until it is uncorked, so that several frames go out in one write. */
export type Carrier = Pick<Duplex, "cork" | "uncork">;

/** Ends what carries the frames at once, without a close frame: its client reads too slowly, or answered no ping. */
export type Cut = (why: "slow" | "silent") => void;

interface Held {
  readonly cut: Cut;
  awaitsPong: boolean;
}

export function createWsSockets({ options, hub, echo }: Pick<ServerContext, "options" | "hub" | "echo">): WsSockets {
  const sockets = new Map<WebSocket, Held>();
  const encode = ({ payload }: Message): Buffer => Buffer.from(payload);
  const frame = encodeOnce(encode);
  const frames = encodeOnce((messages: readonly Message[]) => messages.map(encode));

  const stopHeartbeat = startHeartbeat(options.heartbeatMs, () => {
    for (const [socket, held] of sockets) {
      if (held.awaitsPong) {
        held.cut("silent");
      } else {
        held.awaitsPong = true;
        socket.ping();
      }
    }
  });

  return {
    hold(socket, carrier, { topic, after }, cut = () => socket.terminate()) {
      const subscription = hub.subscribe(topic, after, {
        unsentBytes: () => socket.bufferedAmount,
        write: (message, flushed) => socket.send(frame(message), { binary: options.binary }, flushed && ((error) => error || flushed())),
        // What ws compresses it writes only when zlib is done, each message by itself, as if there were no cork.
        writeTogether(messages) {
          carrier.cork();
          for (const each of frames(messages)) socket.send(each, { binary: options.binary });
          carrier.uncork();
        },
        drop: () => cut("slow"),
      });
      const held: Held = { cut, awaitsPong: false };
      sockets.set(socket, held);
      socket.on("pong", () => (held.awaitsPong = false));
      socket.on("message", (message: Buffer) => {
        const close = takeFrame(echo, topic, message);
        if (close === undefined) return;
        subscription.end();
        socket.close(...close);
      });
      // A frame that breaks the protocol: ws closes with its code by itself, but must find a listener.
      socket.on("error", () => subscription.end());
      socket.on("close", () => {
        sockets.delete(socket);
        subscription.end();
      });
      socket.send(JSON.stringify(subscription.hello));
      subscription.start();
    },
    count: () => sockets.size,
    close() {
      stopHeartbeat();
      for (const socket of sockets.keys()) socket.close(...SERVER_STOPS);
    },
  };
}
