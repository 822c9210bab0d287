/** A subscriber of WebSocket frames, whatever HTTP carries them. */
import { subscribeMessages } from "./message-subscriber.ts";
import type { OpenTimes, SubscriberEvents, Subscription, Upward } from "../transport.ts";
import { agreesToDeflate } from "../wire/permessage-deflate.ts";
import { ProtocolError } from "../wire/protocol-error.ts";
import { clientFrame, createFrameParser, OPCODES, type FrameEvents, type FrameParser } from "../wire/websocket.ts";

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

export function subscribeFrames(
  subscription: Subscription,
  events: SubscriberEvents,
  { write, unsentBytes, openTimes }: FrameCarrier,
): FrameSubscriber {
  let frames: FrameParser;
  const messages = subscribeMessages(subscription, events, {
    send: (text) => write(clientFrame(OPCODES.text, Buffer.from(text))),
    openTimes,
  });

  const frameEvents: FrameEvents = {
    message: messages.message,
    ping: (payload) => write(clientFrame(OPCODES.pong, payload)),
    close(code, reason) {
      throw new ProtocolError(`closed with ${code}${reason === "" ? "" : ` "${reason}"`}`, "closed");
    },
  };

  return {
    up: { send: (message) => write(clientFrame(OPCODES.text, message)), unsentBytes },
    accepted(extensions) {
      frames = createFrameParser(frameEvents, agreesToDeflate(extensions, subscription.compression));
      messages.accepted();
    },
    feed: (bytes, start, end) => frames.feed(bytes, start, end),
    leave() {
      if (messages.isOpen()) write(LEAVING);
    },
  };
}
