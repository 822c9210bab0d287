/** Polls that are held until their topic has something to say: the same under every HTTP server. */
import type { Hub } from "./hub.ts";

/** How long a poll is held that names no `wait`, in ms. */
const DEFAULT_WAIT_MS = 25_000;
const MAX_WAIT_MS = 60_000;

/** What a long poll asks for. */
export interface LongPoll {
  readonly topic: string;
  /** The last sequence number already held; absent: the hello alone, at once. */
  readonly after: number | undefined;
  readonly waitMs: number;
}

export interface LongPolls {
  /**
   * Replies once: with a poll answer as JSON, at once or when the topic's next message comes, or with nothing when the wait has passed.
   * The answer gives the poll up, for one whose client is gone.
   */
  hold(poll: LongPoll, reply: (json?: string) => void): () => void;
  /** Replies to all that are held: with what was published just now, or with nothing. */
  end(): void;
}

/** Reads `wait` of a query; `undefined` when it is not a whole number of ms up to a minute. */
export function readWait(query: string): number | undefined {
  const text = new URLSearchParams(query).get("wait");
  if (text === null) return DEFAULT_WAIT_MS;
  return /^\d{1,5}$/.test(text) && Number(text) <= MAX_WAIT_MS ? Number(text) : undefined;
}

interface Held {
  readonly topic: string;
  readonly after: number;
  readonly reply: (json?: string) => void;
}

export function createLongPolls(hub: Pick<Hub, "poll" | "wait">): LongPolls {
  /** Each with what lets go of its timer and of its place at the topic. */
  const held = new Map<Held, () => void>();
  let woken: Held[] = [];

  /** Whether it was still held. */
  function letGo(poll: Held): boolean {
    held.get(poll)?.();
    return held.delete(poll);
  }

  function wake(poll: Held): void {
    // Only when all that was published together is in, so that it comes in one answer.
    if (woken.length === 0) queueMicrotask(answerWoken);
    woken.push(poll);
  }

  /** Who is held has all that its topic had until now, so all pollers of a topic wait at one cursor and one encoding serves them. */
  function answerWoken(): void {
    const polls = woken;
    woken = [];
    const encoded = new Map<string, string>();
    for (const poll of polls) {
      if (!letGo(poll)) continue;
      const answer = hub.poll(poll.topic, poll.after);
      const json = encoded.get(poll.topic) ?? JSON.stringify(answer);
      encoded.set(poll.topic, json);
      poll.reply(json);
    }
  }

  return {
    hold({ topic, after, waitMs }, reply) {
      const answer = hub.poll(topic, after);
      // That something is missing is news too.
      if (after === undefined || answer.messages.length > 0 || answer.missed !== 0) {
        reply(JSON.stringify(answer));
        return () => {};
      }
      const poll: Held = { topic, after, reply };
      const stopWaiting = hub.wait(topic, () => wake(poll));
      const timer = setTimeout(() => {
        if (letGo(poll)) reply();
      }, waitMs);
      held.set(poll, () => {
        clearTimeout(timer);
        stopWaiting();
      });
      return () => letGo(poll);
    },
    end() {
      answerWoken();
      for (const poll of held.keys()) if (letGo(poll)) poll.reply();
    },
  };
}
