/**
 * Opens the subscribers of a worker at the pace of the trial, each at its intended moment; what fails is tried again a few times. One whose
 * connection breaks later comes back, where the trial wants it to, as long as it lasts.
 */
import type { ConnectOrder, SubscriberAssignment, SubscriberReport } from "../assignment.ts";
import { topicName } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import type { Placement } from "../placement.ts";
import { seededRandom } from "../random.ts";
import { where } from "../client/socket.ts";
import { fill } from "../template.ts";
import type { Hello } from "../../servers/contract.ts";
import type { Connection, ConnectionError, ForeignSubscription, OpenTimes, SubscriberEvents, Transport, Upward } from "../transport.ts";
import type { Receiver } from "./receiver.ts";
import { sourceOf } from "./source.ts";

const ATTEMPTS = 3;
const RETRY_AFTER_MS = 200;
/** From the intended connect of an attempt to its hello. */
const OPEN_TIMEOUT_MS = 10_000;
const REPORT_EVERY_MS = 100;

export interface Connecting {
  readonly transport: Transport;
  readonly assignment: SubscriberAssignment;
  readonly placement: Placement;
  readonly receiver: Receiver;
  readonly report: (message: SubscriberReport) => void;
}

export interface Connector {
  /**
   * Opens those that an order names. Reports `connecting` ten times a second until they are open or have failed for good, the last report
   * included; the next order may then come.
   */
  connect(order: ConnectOrder): void;
  /** Nobody comes back from now on. */
  stop(): void;
}

export function createConnector({ transport, assignment, placement, receiver, report }: Connecting): Connector {
  const {
    indices,
    addresses,
    topicPrefix,
    pollIntervalMs,
    pollConnection,
    streams,
    compression,
    foreign,
    busyMs,
    hoardBytes,
    openingAtOnce,
    ownPorts,
    reconnect,
    reconnectDelayMs,
    seed,
  } = assignment;
  const random = seededRandom(seed + (indices[0] ?? 0));
  let opened = 0;
  let failed = 0;
  let lastError: string | undefined;
  let lastOpenedNs = 0;
  /** Slots below this were ordered, and below that begun. */
  let ordered = 0;
  let next = 0;
  /** Attempts under way. */
  let opening = 0;
  /** The next one waits for an attempt to be over, and not for its time. */
  let heldBack = false;
  let dueNs = (_slot: number): number => 0;
  /** Ends what is under way to come back, by slot. */
  const returning = new Map<number, () => void>();
  const hoard: Buffer[] = [];
  let stopped = false;

  /** Opens the subscriber once; it fails at most once, before or after it was open. */
  function subscribe(slot: number, after: number | undefined, attempt: Attempt): Connection {
    const instance = addresses[placement.instanceOf(indices[slot]!)]!;
    const from = ownPorts ? sourceOf(process.pid, slot) : undefined;
    const address = from === undefined ? instance : { ...instance, from };
    const topic = topicName(topicPrefix, placement.topicOf(indices[slot]!));
    const held = new Held(slot, listener, attempt);
    held.connection = transport.subscribe(
      {
        address,
        topic,
        pollIntervalMs,
        pollConnection,
        pollPhase: random(),
        streams,
        compression,
        ...(after === undefined ? {} : { after }),
        ...(foreign === undefined ? {} : { foreign: subscriptionTo(foreign, topic) }),
        ...(assignment.sending === undefined ? {} : { sends: true }),
      },
      held,
      receiver.reads,
    );
    held.timer = setTimeout(() => {
      held.connection!.close();
      held.failed({
        kind: "timeout",
        message: `${where(address)}: no ${foreign === undefined ? "hello" : "answer"} within ${OPEN_TIMEOUT_MS} ms`,
      });
    }, OPEN_TIMEOUT_MS);
    return held;
  }

  const listener: Listener = {
    payload: busyMs === undefined ? receiver.payload : busily(receiver.payload, busyMs),
    broke(slot, kind) {
      receiver.error(kind, slot);
      if (reconnect !== "none") comeBack(slot, 1);
    },
  };

  function open(slot: number, attempt: number): void {
    opening++;
    subscribe(slot, undefined, {
      opened(connection, hello, times) {
        opened++;
        settled();
        lastOpenedNs = receiver.reads.receivedNs;
        // Filled, for pages that nobody has touched are no memory.
        if (hoardBytes !== undefined) hoard.push(Buffer.alloc(hoardBytes, 1));
        receiver.opened(slot, connection, hello, times, receiver.reads.receivedNs - dueNs(slot));
      },
      failed(error) {
        receiver.error(error.kind);
        settled();
        lastError = error.message;
        if (attempt < ATTEMPTS) {
          setTimeout(() => open(slot, attempt + 1), RETRY_AFTER_MS * attempt);
          return;
        }
        failed++;
        // The trial is lost: what was begun is waited for, and nothing else is.
        ordered = next;
      },
    });
  }

  /** Waits longer after each attempt, up to eight times as long. */
  function comeBack(slot: number, attempt: number): void {
    if (stopped) return;
    const waitMs = reconnectDelayMs * Math.min(2 ** (attempt - 1), 8) * (1 + random() / 2);
    const timer = setTimeout(() => {
      const connection = subscribe(slot, reconnect === "resume" ? receiver.cursorOf(slot) : undefined, {
        opened(back, hello) {
          returning.delete(slot);
          receiver.reopened(slot, back, hello);
        },
        failed(error) {
          receiver.error(error.kind);
          comeBack(slot, attempt + 1);
        },
      });
      returning.set(slot, () => connection.close());
    }, waitMs);
    returning.set(slot, () => clearTimeout(timer));
  }

  /** Opens what is due, as far as the server keeps up: more at once than it has room for would be refused, or forgotten. */
  function openDue(): void {
    const now = nowNs();
    while (next < ordered && opening < openingAtOnce && dueNs(next) <= now) open(next++, 1);
    heldBack = next < ordered && opening >= openingAtOnce;
    if (next < ordered && !heldBack) setTimeout(openDue, (dueNs(next) - nowNs()) / 1e6);
  }

  /** An attempt is over. */
  function settled(): void {
    opening--;
    if (!heldBack) return;
    heldBack = false;
    // Not within this read, whose moment is that of what it brought.
    setImmediate(openDue);
  }

  return {
    connect({ startNs, rate, from, to }) {
      dueNs = (slot) => startNs + ((indices[slot]! - from) / rate) * 1e9;
      const behind = indices.findIndex((index) => index >= to);
      ordered = behind < 0 ? indices.length : behind;
      const progress = setInterval(() => {
        const done = opened + failed === ordered;
        report({ kind: "connecting", opened, failed, done, lastOpenedNs, ...(lastError === undefined ? {} : { error: lastError }) });
        if (done) clearInterval(progress);
      }, REPORT_EVERY_MS);
      openDue();
    },
    stop() {
      stopped = true;
      for (const end of returning.values()) end();
      returning.clear();
    },
  };
}

/** One opening of a subscriber: told one of the two, once. */
interface Attempt {
  opened(connection: Connection, hello: Hello | undefined, times: OpenTimes): void;
  failed(error: ConnectionError): void;
}

/** Who hears of all subscribers that are open. */
interface Listener {
  payload(slot: number, bytes: Uint8Array, start: number, end: number): void;
  broke(slot: number, kind: ConnectionError["kind"]): void;
}

/** One connection of a subscriber. A class that lets go of all that was only for its opening, for there may be a million. */
class Held implements SubscriberEvents, Connection {
  readonly #slot: number;
  readonly #listener: Listener;
  /** Until it is open or has failed. */
  #attempt: Attempt | undefined;
  connection: Connection | undefined;
  timer: NodeJS.Timeout | undefined;

  constructor(slot: number, listener: Listener, attempt: Attempt) {
    this.#slot = slot;
    this.#listener = listener;
    this.#attempt = attempt;
  }

  get up(): Upward | undefined {
    return this.connection?.up;
  }

  opened(hello: Hello | undefined, times: OpenTimes): void {
    this.#settle()?.opened(this, hello, times);
  }

  payload(bytes: Uint8Array, start: number, end: number): void {
    this.#listener.payload(this.#slot, bytes, start, end);
  }

  failed(error: ConnectionError): void {
    const attempt = this.#settle();
    if (attempt === undefined) this.#listener.broke(this.#slot, error.kind);
    else attempt.failed(error);
  }

  close(): void {
    this.#settle();
    this.connection!.close();
  }

  #settle(): Attempt | undefined {
    const attempt = this.#attempt;
    clearTimeout(this.timer);
    this.#attempt = undefined;
    this.timer = undefined;
    return attempt;
  }
}

/** With the topic filled in. */
function subscriptionTo({ path, headers, frames, answers }: ForeignSubscription, topic: string): ForeignSubscription {
  const filled = (text: string): string => fill(text, { topic });
  return {
    path: filled(path),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
    frames: frames.map(filled),
    answers,
  };
}

/** The same, with so much computing after each message. */
function busily(payload: Receiver["payload"], ms: number): Receiver["payload"] {
  return (...message) => {
    payload(...message);
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
}
