/** Where a library answers by itself, and a server that stands on it cannot say more. */
export interface LibraryAnswers {
  /** Statuses that a request may be answered with whose head is longer than the server takes. */
  readonly tooLongHead: readonly number[];
  /** Close code that a client sees whose frame is longer than the server takes. */
  readonly tooLongFrame: number;
}

const USUAL: LibraryAnswers = { tooLongHead: [431], tooLongFrame: 1009 };

const EXCEPTIONS: Readonly<Record<string, LibraryAnswers>> = {
  "uWebSockets.js": {
    // A request line that arrives in pieces is cut at 4 KiB, where no version of HTTP stands.
    tooLongHead: [431, 505],
    // "The connection is immediately closed" (its index.d.ts, maxPayloadLength): no close frame, which a client sees as 1006.
    tooLongFrame: 1006,
  },
};

/** What the conformance tests expect of servers on this library. */
export function libraryAnswers(library: string): LibraryAnswers {
  return EXCEPTIONS[library] ?? USUAL;
}
