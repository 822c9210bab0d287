/** Topics, their history and who follows them: sequence, cursors, fan-out and the backpressure policy are the same under every transport. */
import { createBatches } from "./batches.ts";
import type { Hello, PollAnswer, ServerStats } from "./contract.ts";
import { countFrom, createHistory, firstKept, forgetOldest, kept, messageAt, push, sizeOf, type History, type Message } from "./history.ts";

/** A connection that takes messages as they come; the hub alone decides when it has become too slow. */
export interface Subscriber {
  /** Bytes written to it that the kernel has not taken yet. */
  unsentBytes(): number;
  /** Sends a message; `flushed` is called once the kernel took it, and never when it could not be sent. */
  write(message: Message, flushed?: () => void): void;
  /** Sends what is published together in one write; without it each is written by itself. */
  writeTogether?(messages: readonly Message[]): void;
  /** It is too slow: cut the connection at once, without waiting for what is unsent. */
  drop(): void;
  /** It has caught up: what is published from now on reaches it through {@link Hub.fanOutBy}, not by `write`. */
  join?(): void;
}

export interface Subscription {
  /** To be told before {@link Subscription.start}. */
  readonly hello: Hello;
  /** Writes what history holds after the cursor, then each message as it is published. */
  start(): void;
  end(): void;
  /** The library that fans out did not take this message for it, for too much was waiting: it is counted as dropped, and ends. */
  refused(payload: string): void;
}

export type HubCounts = Pick<ServerStats, "subscriptions" | "published" | "delivered" | "droppedForBackpressure">;

export interface Hub {
  /** Publishes to everybody who follows the topic: at once, or with the others of its batch. */
  publish(topic: string, payload: string): void;
  /** Publishes at once what batches hold back. */
  flush(): void;
  /** Whether the topic was published or subscribed to before, so that its name is known to be well-formed. */
  knows(topic: string): boolean;
  /** What a topic holds after a cursor, at most about `backpressureBytes` at once; without a cursor, where the topic stands. */
  poll(topic: string, after: number | undefined): PollAnswer;
  /** Follows a topic from after a cursor, or from now on. */
  subscribe(topic: string, after: number | undefined, subscriber: Subscriber): Subscription;
  /** Hands each message once, for all who have joined its topic, to a library that fans out by itself and has a bound of its own. */
  fanOutBy(send: (topic: string, message: Message) => void): void;
  /** Calls `wake` once, at the topic's next message, and counts as a subscription until then; the answer gives it up. */
  wait(topic: string, wake: () => void): () => void;
  counts(): HubCounts;
}

export interface HubOptions {
  readonly historyMessages: number;
  readonly backpressureBytes: number;
  /** How long a topic's messages are held back to be published together; 0, as unless said, publishes each at once. */
  readonly batchMs?: number;
  /** What the histories of all topics may hold together, about. */
  readonly historyBytes?: number;
}

interface Topic {
  readonly history: History;
  /** Those who have caught up and take messages as they are published. */
  readonly live: Set<Follower>;
  /** Of those who have caught up, how many a library fans out to. */
  joined: number;
  /** Those who want to be told of the next message, and no more. */
  readonly waiting: Set<() => void>;
  followers: number;
}

interface Follower {
  readonly subscriber: Subscriber;
  end(): void;
}

const DEFAULT_HISTORY_BYTES = 256 * 1024 * 1024;
const CATCH_UP_BYTES = 64 * 1024;

export function createHub({ historyMessages, backpressureBytes, batchMs = 0, historyBytes = DEFAULT_HISTORY_BYTES }: HubOptions): Hub {
  const limits = { messages: historyMessages, bytes: Math.floor(historyBytes / 4) };
  const topics = new Map<string, Topic>();
  let heldBytes = 0;
  let published = 0;
  let delivered = 0;
  let subscriptions = 0;
  let droppedForBackpressure = 0;
  let fanOut: ((topic: string, message: Message) => void) | undefined;
  // A library may hold a small bound against what is written at once.
  const catchUpBytes = Math.min(CATCH_UP_BYTES, backpressureBytes);

  function open(name: string): Topic {
    let topic = topics.get(name);
    if (topic === undefined)
      topics.set(name, (topic = { history: createHistory(), live: new Set(), joined: 0, waiting: new Set(), followers: 0 }));
    return topic;
  }

  function enter(topic: Topic): void {
    topic.followers++;
    subscriptions++;
  }

  function leave(name: string, topic: Topic): void {
    topic.followers--;
    subscriptions--;
    // One that was published keeps its count, or a reader who comes back would be told that it missed nothing.
    if (topic.followers === 0 && topic.history.sequence === 0) topics.delete(name);
  }

  function drop(follower: Follower): void {
    droppedForBackpressure++;
    follower.end();
    follower.subscriber.drop();
  }

  /** Halves the histories of the oldest topics until an eighth is free, so that the walk is paid for by many messages. */
  function makeRoom(): void {
    for (const { history } of topics.values()) {
      if (heldBytes <= (historyBytes / 8) * 7) return;
      const before = history.bytes;
      for (let surplus = Math.ceil(kept(history) / 2); surplus > 0; surplus--) forgetOldest(history);
      heldBytes -= before - history.bytes;
    }
  }

  function record(topic: Topic, payload: string): Message {
    const before = topic.history.bytes;
    const message = push(topic.history, payload, limits);
    heldBytes += topic.history.bytes - before;
    while (heldBytes > historyBytes) makeRoom();
    published++;
    return message;
  }

  function handToLibrary(name: string, topic: Topic, message: Message): void {
    if (topic.joined === 0) return;
    // Counted first: who is refused takes its delivery back.
    delivered += topic.joined;
    fanOut?.(name, message);
  }

  function wakeAll({ waiting }: Topic): void {
    // A copy, for one that is woken may wait again at once.
    if (waiting.size > 0) for (const wake of [...waiting]) wake();
  }

  function publish(name: string, payload: string): void {
    const topic = open(name);
    const message = record(topic, payload);
    for (const follower of topic.live) {
      // What was waiting before this message: a reader that keeps up may be sent one message as large as the bound.
      if (follower.subscriber.unsentBytes() >= backpressureBytes) {
        drop(follower);
      } else {
        follower.subscriber.write(message);
        delivered++;
      }
    }
    handToLibrary(name, topic, message);
    wakeAll(topic);
  }

  /** As if each were published by itself, but that a reader is held against the bound once, for it is written to once. */
  function publishTogether(name: string, payloads: readonly string[]): void {
    const topic = open(name);
    const messages = payloads.map((payload) => record(topic, payload));
    for (const follower of topic.live) {
      const { subscriber } = follower;
      if (subscriber.unsentBytes() >= backpressureBytes) {
        drop(follower);
        continue;
      }
      if (subscriber.writeTogether !== undefined) subscriber.writeTogether(messages);
      else for (const message of messages) subscriber.write(message);
      delivered += messages.length;
    }
    for (const message of messages) handToLibrary(name, topic, message);
    wakeAll(topic);
  }

  const batches = createBatches({ batchMs, batchBytes: backpressureBytes }, publishTogether);

  return {
    publish: batchMs === 0 ? publish : batches.add,

    flush: batches.flush,

    knows: (name) => topics.has(name),

    poll(name, after) {
      const history = topics.get(name)?.history;
      const { next: first, missed } = position(history, after);
      const messages: string[] = [];
      let next = first;
      for (let bytes = 0; history !== undefined && next <= history.sequence && bytes < backpressureBytes; next++) {
        const message = messageAt(history, next);
        bytes += sizeOf(message);
        messages.push(message.payload);
      }
      delivered += messages.length;
      return { next, missed, messages };
    },

    subscribe(name, after, subscriber) {
      const topic = open(name);
      const hello = position(topic.history, after);
      let cursor = hello.next - 1;
      let ended = false;
      let joined = false;
      enter(topic);

      const follower: Follower = {
        subscriber,
        end() {
          if (ended) return;
          ended = true;
          topic.live.delete(follower);
          if (joined) topic.joined--;
          leave(name, topic);
        },
      };

      /** In parts, each after the one before has left: who comes back to a long history is not slow for that. */
      function catchUp(): void {
        if (ended) return;
        if (cursor + 1 < firstKept(topic.history)) return drop(follower);
        for (let bytes = 0; cursor < topic.history.sequence;) {
          const message = messageAt(topic.history, ++cursor);
          bytes += sizeOf(message);
          delivered++;
          const pause = bytes >= catchUpBytes && cursor < topic.history.sequence;
          subscriber.write(message, pause ? catchUp : undefined);
          if (pause) return;
        }
        if (subscriber.join === undefined) {
          topic.live.add(follower);
        } else {
          joined = true;
          topic.joined++;
          subscriber.join();
        }
      }

      function refused(payload: string): void {
        if (ended) return;
        // What was handed over behind it is not sent either.
        delivered -= countFrom(topic.history, payload);
        droppedForBackpressure++;
        follower.end();
      }

      return { hello, start: catchUp, end: follower.end, refused };
    },

    wait(name, wake) {
      const topic = open(name);
      function giveUp(): boolean {
        const waited = topic.waiting.delete(woken);
        if (waited) leave(name, topic);
        return waited;
      }
      function woken(): void {
        if (giveUp()) wake();
      }
      enter(topic);
      topic.waiting.add(woken);
      return giveUp;
    },

    fanOutBy(send) {
      fanOut = send;
    },

    counts: () => ({ subscriptions, published, delivered, droppedForBackpressure }),
  };
}

/** Wraps an encoder so that a message, or a batch, is encoded once for a whole fan-out, not once for each subscriber. */
export function encodeOnce<Published extends object, Frame>(encode: (published: Published) => Frame): (published: Published) => Frame {
  let last: Published | undefined;
  let frame: Frame;
  return (published) => {
    if (published !== last) {
      frame = encode(published);
      last = published;
    }
    return frame;
  };
}

function position(history: History | undefined, after: number | undefined): Hello {
  const sequence = history?.sequence ?? 0;
  if (after === undefined) return { next: sequence + 1, missed: 0 };
  if (after > sequence) return { next: sequence + 1, missed: null };
  const next = Math.max(after + 1, history === undefined ? 1 : firstKept(history));
  return { next, missed: next - after - 1 };
}
