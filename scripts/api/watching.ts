/** Work that can be stopped and that tells what it does, for a program that may do anything when it is told. */

/** A function that is told of something. */
type Listener<Event extends readonly unknown[]> = (...event: Event) => unknown;

export interface Watching {
  /** Aborted by the one who asked for the work, or by a listener of his that threw. */
  readonly signal: AbortSignal;
  /** The listener, or none, made safe to be called from where nothing may throw. */
  heard<Event extends readonly unknown[]>(listener: Listener<Event> | undefined): (...event: Event) => void;
}

/**
 * Does the work. Throws the signal's reason where it was aborted before it began; and where a listener throws, or what it promised is refused,
 * stops the work in order, and throws that once nothing of it is left running.
 */
export async function watching<Result>(asked: AbortSignal | undefined, start: (watching: Watching) => Promise<Result>): Promise<Result> {
  asked?.throwIfAborted();
  const failure = new AbortController();
  const fail = (error: unknown): void => failure.abort(error);
  const stop = (): void => fail(asked!.reason);
  let refused = false;
  const refuse = (error: unknown): void => {
    if (refused || failure.signal.aborted) return;
    refused = true;
    fail(error);
  };
  asked?.addEventListener("abort", stop, { once: true });
  try {
    const result = await start({
      signal: failure.signal,
      heard(listener) {
        if (listener === undefined) return () => {};
        return (...event) => {
          if (refused) return;
          try {
            void Promise.resolve(listener(...event)).catch(refuse);
          } catch (error) {
            refuse(error);
          }
        };
      },
    });
    if (refused) throw failure.signal.reason;
    return result;
  } finally {
    asked?.removeEventListener("abort", stop);
  }
}
