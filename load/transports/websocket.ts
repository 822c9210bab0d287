/** WebSocket over HTTP/1.1 (RFC 6455): an upgrade, then frames. */
import { subscribeFrames } from "../client/frame-subscriber.ts";
import type { FrameCarrier, FrameSubscriber } from "../client/frame-subscriber.ts";
import { webSocketPath, withoutQuery } from "../client/held-request.ts";
import { createOpening } from "../client/opening.ts";
import { openSocket, where } from "../client/socket.ts";
import type { LeanSocket, SocketEvents } from "../client/socket.ts";
import type { Connection, ConnectionError, OpenTimes, Reads, SubscriberEvents, Subscription, Transport, Upward } from "../transport.ts";
import { createResponseParser } from "../wire/http1.ts";
import type { ResponseEvents, ResponseHead, ResponseParser } from "../wire/http1.ts";
import { deflateOffer } from "../wire/permessage-deflate.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { acceptOf, upgradeRequest } from "../wire/websocket.ts";

export const transport: Transport = {
  name: "websocket",
  capabilities: { polls: false, asksAgain: false },
  subscribe: (subscription, events, reads) => new Upgraded(subscription, events, reads),
};

/** A class, as in `wire/http1.ts`. */
class Upgraded implements Connection, SocketEvents, ResponseEvents, FrameCarrier {
  readonly #subscription: Subscription;
  readonly #events: SubscriberEvents;
  readonly #reads: Reads;
  readonly #opening = createOpening();
  readonly #frames: FrameSubscriber;
  readonly #socket: LeanSocket;
  /** Until the upgrade is answered. */
  #response: ResponseParser | undefined;
  #key = "";

  constructor(subscription: Subscription, events: SubscriberEvents, reads: Reads) {
    this.#subscription = subscription;
    this.#events = events;
    this.#reads = reads;
    this.#frames = subscribeFrames(subscription, events, this);
    this.#response = createResponseParser(this);
    this.#socket = openSocket(subscription.address, reads, this);
  }

  get up(): Upward {
    return this.#frames.up;
  }

  close(): void {
    this.#frames.leave();
    this.#socket.close();
  }

  connected(times: Omit<OpenTimes, "upgradeMs">): void {
    const { address, compression, foreign } = this.#subscription;
    const headers = { host: where(address), ...deflateOffer(compression), ...foreign?.headers };
    const { request, key } = upgradeRequest(webSocketPath(this.#subscription), headers);
    this.#key = key;
    this.#opening.asked(times);
    this.#reads.traffic.requests++;
    this.#socket.write(request);
  }

  read(bytes: Buffer, end: number): void {
    if (this.#response === undefined) this.#frames.feed(bytes, 0, end);
    else this.#response.feed(bytes, 0, end);
  }

  failed(error: ConnectionError): void {
    this.#events.failed(error);
  }

  head({ status, headers }: ResponseHead): void {
    if (status !== 101) {
      const path = withoutQuery(webSocketPath(this.#subscription));
      throw new ProtocolError(`the upgrade of ${path} was answered ${status}`, "http_status");
    }
    if (headers.get("sec-websocket-accept") !== acceptOf(this.#key))
      throw new ProtocolError("the upgrade was answered with a wrong Sec-WebSocket-Accept");
    this.#response = undefined;
    this.#frames.accepted(headers.get("sec-websocket-extensions"));
  }

  body(): void {
    throw new ProtocolError("a body where frames were due");
  }

  end(): void {
    throw new ProtocolError("an HTTP answer where frames were due");
  }

  upgraded(bytes: Buffer, start: number, end: number): void {
    this.#frames.feed(bytes, start, end);
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  unsentBytes(): number {
    return this.#socket.unsentBytes();
  }

  openTimes(): OpenTimes {
    return this.#opening.times();
  }
}
