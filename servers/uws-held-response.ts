/** A response of uWebSockets.js that does not end, written as its documentation teaches: corked, and paused while it is not writable. */
import type { HttpResponse } from "uWebSockets.js";
import type { HeldResponse } from "./held-streams.ts";

interface Chunk {
  readonly bytes: Uint8Array | string;
  readonly flushed: (() => void) | undefined;
}

/**
 * The library does not say how much of a response is unsent, only that a write met some that was (then it keeps what it was given).
 * So what comes after is kept here and counted, until it is writable again. `nudge` is what may be written without meaning: where a
 * handler for writable events is set, the library's own rest leaves only with the next write.
 */
export function uwsHeldResponse(res: HttpResponse, nudge: string): HeldResponse {
  const queue: Chunk[] = [];
  const onClose: (() => void)[] = [];
  /** Whom to tell once what the library keeps has left. */
  let inside: (() => void)[] = [];
  let unsent = 0;
  let blocked = false;
  let gone = false;

  /** Must be corked. */
  function send({ bytes, flushed }: Chunk): void {
    if (flushed !== undefined) inside.push(flushed);
    blocked = !res.write(bytes);
    if (blocked) {
      unsent += sizeOf(bytes);
      return;
    }
    for (const tell of inside) setImmediate(tell);
    inside = [];
  }

  res.onAborted(() => {
    gone = true;
    for (const listener of onClose) listener();
  });
  res.onWritable(() => {
    res.cork(() => {
      blocked = false;
      unsent = queue.reduce((sum, { bytes }) => sum + sizeOf(bytes), 0);
      if (queue.length === 0) send({ bytes: nudge, flushed: undefined });
      let sent = 0;
      for (; sent < queue.length && !blocked; sent++) {
        unsent -= sizeOf(queue[sent]!.bytes);
        send(queue[sent]!);
      }
      queue.splice(0, sent);
    });
    return !blocked;
  });

  return {
    get writableLength() {
      return unsent;
    },
    write(bytes, flushed) {
      if (gone) return;
      const chunk = { bytes, flushed };
      if (blocked) {
        queue.push(chunk);
        unsent += sizeOf(bytes);
      } else {
        res.cork(() => send(chunk));
      }
    },
    end() {
      if (!gone) res.cork(() => res.end());
    },
    destroy() {
      if (!gone) res.close();
    },
    once: (_, listener) => onClose.push(listener),
  };
}

function sizeOf(bytes: Uint8Array | string): number {
  return typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length;
}
