/** A subscriber of WebSocket frames, whatever HTTP carries them. */
import { subscribeMessages } from "./message-subscriber.ts";
import type { MessageCarrier, MessageSubscriber } from "./message-subscriber.ts";
import type { OpenTimes, SubscriberEvents, Subscription, Upward } from "../transport.ts";
import { agreesToDeflate } from "../wire/permessage-deflate.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { clientFrame, createFrameParser, OPCODES } from "../wire/websocket.ts";
import type { FrameEvents, FrameParser } from "../wire/websocket.ts";

/** What the frames travel on. */
export interface FrameCarrier {
  write(bytes: Uint8Array): void;
  /** Bytes written that have not left this process. */
  unsentBytes(): number;
  /** How long opening took, when this is the read that carries the hello, or the answer where there is none. */
  openTimes(): OpenTimes;
}

export interface FrameSubscriber {
  readonly up: Upward;
  /** The server took the WebSocket, and agreed to these extensions: frames follow. Throws {@link ProtocolError}. */
  accepted(extensions: string | undefined): void;
  /** Takes `bytes[start, end)` of frames; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
  /** Says that it leaves, where it was open; the answer is not waited for. */
  leave(): void;
}

/** 1000, normal closure. */
const LEAVING = clientFrame(OPCODES.close, Uint8Array.of(0x03, 0xe8));

export function subscribeFrames(subscription: Subscription, events: SubscriberEvents, carrier: FrameCarrier): FrameSubscriber {
  return new Frames(subscription, events, carrier);
}

/** A class, as in `wire/http1.ts`. */
class Frames implements FrameSubscriber, FrameEvents, MessageCarrier, Upward {
  readonly #compression: boolean;
  readonly #carrier: FrameCarrier;
  readonly #messages: MessageSubscriber;
  #parser: FrameParser | undefined;

  constructor(subscription: Subscription, events: SubscriberEvents, carrier: FrameCarrier) {
    this.#compression = subscription.compression;
    this.#carrier = carrier;
    this.#messages = subscribeMessages(subscription, events, this);
  }

  get up(): Upward {
    return this;
  }

  accepted(extensions: string | undefined): void {
    this.#parser = createFrameParser(this, agreesToDeflate(extensions, this.#compression));
    this.#messages.accepted();
  }

  feed(bytes: Buffer, start: number, end: number): void {
    this.#parser!.feed(bytes, start, end);
  }

  leave(): void {
    if (this.#messages.isOpen()) this.#carrier.write(LEAVING);
  }

  send(message: Uint8Array | string): void {
    this.#carrier.write(clientFrame(OPCODES.text, typeof message === "string" ? Buffer.from(message) : message));
  }

  unsentBytes(): number {
    return this.#carrier.unsentBytes();
  }

  openTimes(): OpenTimes {
    return this.#carrier.openTimes();
  }

  message(bytes: Buffer, start: number, end: number): void {
    this.#messages.message(bytes, start, end);
  }

  ping(payload: Buffer): void {
    this.#carrier.write(clientFrame(OPCODES.pong, payload));
  }

  close(code: number, reason: string): void {
    throw new ProtocolError(`closed with ${code}${reason === "" ? "" : ` "${reason}"`}`, "closed");
  }
}
