/** Messages held back so that several go out together; a topic's first one opens a window, and its batch is handed on when that has passed. */

export interface Batches {
  add(topic: string, payload: string): void;
  /** Hands on all that is held back, at once. */
  flush(): void;
}

export interface BatchOptions {
  /** How long a window is open, from its first message on. */
  readonly batchMs: number;
  /** A batch that holds so much is handed on before its window has passed, so that what is held back is bounded. */
  readonly batchBytes: number;
}

interface Batch {
  readonly payloads: string[];
  bytes: number;
  readonly timer: NodeJS.Timeout;
}

/** Messages of a topic are handed on in the order they came, each in one batch. */
export function createBatches(
  { batchMs, batchBytes }: BatchOptions,
  handOn: (topic: string, payloads: readonly string[]) => void,
): Batches {
  const open = new Map<string, Batch>();

  function close(topic: string, { payloads, timer }: Batch): void {
    clearTimeout(timer);
    // Before it is handed on: whoever hears of it may publish again.
    open.delete(topic);
    handOn(topic, payloads);
  }

  function opened(topic: string): Batch {
    const batch: Batch = { payloads: [], bytes: 0, timer: setTimeout(() => close(topic, batch), batchMs).unref() };
    open.set(topic, batch);
    return batch;
  }

  return {
    add(topic, payload) {
      const batch = open.get(topic) ?? opened(topic);
      batch.payloads.push(payload);
      batch.bytes += payload.length;
      if (batch.bytes >= batchBytes) close(topic, batch);
    },
    flush() {
      for (const [topic, batch] of open) close(topic, batch);
    },
  };
}
