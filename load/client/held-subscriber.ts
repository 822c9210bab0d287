/** A subscriber of an answer that does not end, whatever is in it and whatever HTTP carries it. */
import type { HeldResponse, HeldResponseEvents } from "./held-response.ts";
import type { Connection, ConnectionError, SubscriberEvents, Subscription, Upward } from "../transport.ts";
import { readHello } from "../wire/hello.ts";

/** Finds the messages in the body. */
interface BodyParser {
  feed(bytes: Buffer, start: number, end: number): void;
}

/** Whoever extends it says what of the body is the hello and what a message. A class, as in `wire/http1.ts`. */
export abstract class HeldSubscriber implements Connection, HeldResponseEvents {
  readonly #events: SubscriberEvents;
  /** The server is a foreign one: there is no hello. */
  protected readonly foreign: boolean;
  protected opened = false;
  #parser: BodyParser | undefined;
  #response: HeldResponse | undefined;

  constructor({ foreign }: Subscription, events: SubscriberEvents) {
    this.#events = events;
    this.foreign = foreign !== undefined;
  }

  /** To be called once, with what tells this one. */
  protected listen(parser: BodyParser, response: HeldResponse): void {
    this.#parser = parser;
    this.#response = response;
  }

  get up(): Upward | undefined {
    return this.#response!.up;
  }

  close(): void {
    this.#response!.close();
  }

  answered(): void {
    if (this.foreign) this.#events.opened(undefined, this.#response!.openTimes());
  }

  body(bytes: Buffer, start: number, end: number): void {
    this.#parser!.feed(bytes, start, end);
  }

  failed(error: ConnectionError): void {
    this.#events.failed(error);
  }

  protected hello(bytes: Buffer, start: number, end: number): void {
    this.opened = true;
    this.#events.opened(readHello(bytes, start, end), this.#response!.openTimes());
  }

  protected payload(bytes: Buffer, start: number, end: number): void {
    this.#events.payload(bytes, start, end);
  }
}
