/** A subscriber of WebSocket messages, whoever frames them. */
import type { Hello } from "../../servers/contract.ts";
import type { OpenTimes, SubscriberEvents, Subscription } from "../transport.ts";
import { readHello } from "../wire/hello.ts";

/** What the messages travel on. */
export interface MessageCarrier {
  /** Sends a text message. */
  send(text: string): void;
  /** How long opening took, when this is the read that carries the hello, or the answer where there is none. */
  openTimes(): OpenTimes;
}

export interface MessageSubscriber {
  /** The server took the WebSocket: messages follow. */
  accepted(): void;
  /** Takes a whole message in `bytes[start, end)`; throws {@link ProtocolError}. */
  message(bytes: Buffer, start: number, end: number): void;
  isOpen(): boolean;
}

/** The first message is the hello; a foreign server has none, and may have to be told, and answered, before it sends anything. */
export function subscribeMessages(
  { foreign }: Subscription,
  events: SubscriberEvents,
  { send, openTimes }: MessageCarrier,
): MessageSubscriber {
  let opened = false;
  const answers = new Map(Object.entries(foreign?.answers ?? {}));
  const longestAsked = Math.max(0, ...[...answers.keys()].map((frame) => Buffer.byteLength(frame)));

  function open(hello: Hello | undefined): void {
    opened = true;
    events.opened(hello, openTimes());
  }

  function answer(bytes: Buffer, start: number, end: number): void {
    if (end - start > longestAsked) return;
    const frame = answers.get(bytes.toString("utf8", start, end));
    if (frame !== undefined) send(frame);
  }

  return {
    accepted() {
      if (foreign === undefined) return;
      for (const frame of foreign.frames) send(frame);
      open(undefined);
    },
    message(bytes, start, end) {
      if (!opened) return open(readHello(bytes, start, end));
      if (foreign !== undefined) answer(bytes, start, end);
      events.payload(bytes, start, end);
    },
    isOpen: () => opened,
  };
}
