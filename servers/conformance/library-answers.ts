/** Where a library answers by itself, and a server that stands on it cannot say more. */
export interface LibraryAnswers {
  /** Statuses that a request may be answered with whose head is longer than the server takes. */
  readonly tooLongHead: readonly number[];
  /** Close code that a client sees whose frame is longer than the server takes, as it came or inflated. */
  readonly tooLongFrame: number;
  /** Close codes that a client sees whose frame breaks the protocol, whose close frame does, and whose frame has no mask. */
  readonly brokenFrame: number;
  readonly brokenClose: number;
  readonly unmaskedFrame: number;
}

const USUAL: LibraryAnswers = { tooLongHead: [431], tooLongFrame: 1009, brokenFrame: 1002, brokenClose: 1002, unmaskedFrame: 1002 };

const EXCEPTIONS: Readonly<Record<string, LibraryAnswers>> = {
  "uWebSockets.js": {
    // A request line that arrives in pieces is cut at 4 KiB, where no version of HTTP stands.
    tooLongHead: [431, 505],
    // "The connection is immediately closed" (its index.d.ts, maxPayloadLength): no close frame, which a client sees as 1006.
    tooLongFrame: 1006,
    brokenFrame: 1006,
    // It is answered with a close frame without a code.
    brokenClose: 1005,
    // It does not look at the mask bit, and takes the four bytes that follow for the mask of a data frame.
    unmaskedFrame: 1008,
  },
};

/** What the conformance tests expect of servers on this library. */
export function libraryAnswers(library: string): LibraryAnswers {
  return EXCEPTIONS[library] ?? USUAL;
}
