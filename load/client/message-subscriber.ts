/** A subscriber of WebSocket messages, whoever frames them. */
import type { ForeignSubscription, OpenTimes, SubscriberEvents, Subscription } from "../transport.ts";
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
export function subscribeMessages(subscription: Subscription, events: SubscriberEvents, carrier: MessageCarrier): MessageSubscriber {
  return subscription.foreign === undefined ? new Own(events, carrier) : new Foreign(subscription.foreign, events, carrier);
}

class Own implements MessageSubscriber {
  readonly #events: SubscriberEvents;
  readonly #carrier: MessageCarrier;
  #opened = false;

  constructor(events: SubscriberEvents, carrier: MessageCarrier) {
    this.#events = events;
    this.#carrier = carrier;
  }

  accepted(): void {}

  message(bytes: Buffer, start: number, end: number): void {
    if (this.#opened) return this.#events.payload(bytes, start, end);
    this.#opened = true;
    this.#events.opened(readHello(bytes, start, end), this.#carrier.openTimes());
  }

  isOpen(): boolean {
    return this.#opened;
  }
}

class Foreign implements MessageSubscriber {
  readonly #foreign: ForeignSubscription;
  readonly #events: SubscriberEvents;
  readonly #carrier: MessageCarrier;
  readonly #answers: ReadonlyMap<string, string>;
  readonly #longestAsked: number;
  #opened = false;

  constructor(foreign: ForeignSubscription, events: SubscriberEvents, carrier: MessageCarrier) {
    this.#foreign = foreign;
    this.#events = events;
    this.#carrier = carrier;
    this.#answers = new Map(Object.entries(foreign.answers));
    this.#longestAsked = Math.max(0, ...[...this.#answers.keys()].map((frame) => Buffer.byteLength(frame)));
  }

  accepted(): void {
    for (const frame of this.#foreign.frames) this.#carrier.send(frame);
    this.#opened = true;
    this.#events.opened(undefined, this.#carrier.openTimes());
  }

  message(bytes: Buffer, start: number, end: number): void {
    if (end - start <= this.#longestAsked) {
      const frame = this.#answers.get(bytes.toString("utf8", start, end));
      if (frame !== undefined) this.#carrier.send(frame);
    }
    this.#events.payload(bytes, start, end);
  }

  isOpen(): boolean {
    return this.#opened;
  }
}
