/** A subscriber on a WebSocket of ws, whatever HTTP carries it. */
import type { WebSocket } from "ws";
import { nowNs } from "../clock.ts";
import { subscribeMessages } from "../client/message-subscriber.ts";
import type { Connection, ConnectionError, OpenTimes, Reads, SubscriberEvents, Subscription } from "../transport.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { describeLibraryError } from "./library-error.ts";

export interface WsSubscriber extends Connection {
  /** The server took the WebSocket. */
  accepted(): void;
  fail(error: ConnectionError): void;
}

/** `openTimes`: how long opening took, when this is the moment of the hello, or of the answer where there is none. */
export function subscribeWs(
  socket: WebSocket,
  subscription: Subscription,
  events: SubscriberEvents,
  reads: Reads,
  openTimes: () => OpenTimes,
): WsSubscriber {
  const { address, compression } = subscription;
  const messages = subscribeMessages(subscription, events, { send: (text) => socket.send(text), openTimes });
  let over = false;

  function fail(error: ConnectionError): void {
    if (over) return;
    over = true;
    socket.terminate();
    events.failed(error);
  }

  function failWith(error: Error): void {
    fail(describeLibraryError(error, address));
  }

  function attempt(handle: () => void): void {
    if (over) return;
    reads.receivedNs = nowNs();
    try {
      handle();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      failWith(error);
    }
  }

  socket.on("message", (data: Buffer) => attempt(() => messages.message(data, 0, data.length)));
  socket.on("error", failWith);
  socket.on("close", (code, reason) =>
    failWith(new ProtocolError(`closed with ${code}${reason.length === 0 ? "" : ` "${reason.toString()}"`}`, "closed")),
  );
  return {
    // ws copies what it masks.
    up: { send: (message) => socket.send(message, { binary: false }), unsentBytes: () => socket.bufferedAmount },
    fail,
    accepted: () =>
      attempt(() => {
        if (compression && socket.extensions === "")
          throw new ProtocolError("compression was asked for, and the server did not agree to it");
        messages.accepted();
      }),
    close() {
      over = true;
      // 1000, normal closure; the answer is not waited for.
      if (messages.isOpen()) socket.close(1000);
      socket.terminate();
    },
  };
}
