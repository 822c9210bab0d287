/** A subscriber of WebSocket frames, whatever HTTP carries them. */
import type { Hello } from "../servers/contract.ts";
import type { OpenTimes, SubscriberEvents, Subscription, Upward } from "./transport.ts";
import { readHello } from "./wire/hello.ts";
import { ProtocolError } from "./wire/protocol-error.ts";
import { agreesToDeflate } from "./wire/permessage-deflate.ts";
import { clientFrame, createFrameParser, OPCODES, type FrameEvents, type FrameParser } from "./wire/websocket.ts";

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
  { foreign, compression }: Subscription,
  events: SubscriberEvents,
  { write, unsentBytes, openTimes }: FrameCarrier,
): FrameSubscriber {
  let frames: FrameParser;
  let opened = false;
  const answers = new Map(Object.entries(foreign?.answers ?? {}));
  const longestAsked = Math.max(0, ...[...answers.keys()].map((frame) => Buffer.byteLength(frame)));

  function open(hello: Hello | undefined): void {
    opened = true;
    events.opened(hello, openTimes());
  }

  function send(text: string): void {
    write(clientFrame(OPCODES.text, Buffer.from(text)));
  }

  function answer(bytes: Buffer, start: number, end: number): void {
    if (end - start > longestAsked) return;
    const frame = answers.get(bytes.toString("utf8", start, end));
    if (frame !== undefined) send(frame);
  }

  const frameEvents: FrameEvents = {
    message(bytes, start, end) {
      if (!opened) return open(readHello(bytes, start, end));
      if (foreign !== undefined) answer(bytes, start, end);
      events.payload(bytes, start, end);
    },
    ping: (payload) => write(clientFrame(OPCODES.pong, payload)),
    close(code, reason) {
      throw new ProtocolError(`closed with ${code}${reason === "" ? "" : ` "${reason}"`}`, "closed");
    },
  };

  return {
    up: { send: (message) => write(clientFrame(OPCODES.text, message)), unsentBytes },
    accepted(extensions) {
      frames = createFrameParser(frameEvents, agreesToDeflate(extensions, compression));
      if (foreign === undefined) return;
      for (const frame of foreign.frames) send(frame);
      open(undefined);
    },
    feed: (bytes, start, end) => frames.feed(bytes, start, end),
    leave() {
      if (opened) write(LEAVING);
    },
  };
}
