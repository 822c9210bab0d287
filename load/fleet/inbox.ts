/** What a process of the fleet has reported, for whoever waits for it. */

/** How long a process may take to do what it was told, beside the time that the doing itself has: a minute on a machine that swaps. */
export const ANSWER_WITHIN_MS = 60_000;

export interface Inbox<Report extends { readonly kind: string }> {
  put(message: Report): void;
  /** The process is at work on what is awaited of it: time runs anew. */
  heard(): void;
  /** The next message of that kind, already here or to come; never settles where it does not come in time. */
  take<K extends Report["kind"]>(kind: K, withinMs?: number): Promise<Extract<Report, { kind: K }>>;
  /** Nothing is awaited any more: what is never settles. */
  close(): void;
}

interface Awaited<Report> {
  readonly timer: NodeJS.Timeout;
  resolve(message: Report): void;
}

/** `late` is told, in words, what did not come in time. */
export function createInbox<Report extends { readonly kind: string }>(late: (what: string) => void): Inbox<Report> {
  const here = new Map<string, Report[]>();
  const awaited = new Map<string, Awaited<Report>>();
  let closed = false;
  return {
    put(message) {
      const waiting = awaited.get(message.kind);
      if (waiting === undefined) {
        here.set(message.kind, [...(here.get(message.kind) ?? []), message]);
        return;
      }
      clearTimeout(waiting.timer);
      awaited.delete(message.kind);
      waiting.resolve(message);
    },
    heard() {
      for (const { timer } of awaited.values()) timer.refresh();
    },
    take(kind, withinMs = ANSWER_WITHIN_MS) {
      const message = here.get(kind)?.shift();
      if (message !== undefined) return Promise.resolve(message as Extract<Report, { kind: typeof kind }>);
      return new Promise((resolve) => {
        // Whoever has not noticed yet that all is over waits for ever, and keeps nothing up.
        if (closed) return;
        const timer = setTimeout(() => late(`did not report "${kind}" within ${Math.round(withinMs / 1000)} s`), withinMs);
        awaited.set(kind, { timer, resolve: resolve as (message: Report) => void });
      });
    },
    close() {
      closed = true;
      for (const { timer } of awaited.values()) clearTimeout(timer);
    },
  };
}
