/** Test support: the same bytes, cut at every place. */

/** Calls `check` with the bytes whole, as single bytes, and in two pieces cut at every index; each piece lies in a shared, dirty buffer. */
export function inPieces(
  bytes: Buffer,
  check: (feed: (parser: { feed(bytes: Buffer, start: number, end: number): void }) => void) => void,
): void {
  const cuts: number[][] = [[], Array.from({ length: bytes.length - 1 }, (_, i) => i + 1)];
  for (let i = 1; i < bytes.length; i++) cuts.push([i]);
  for (const cut of cuts) {
    check((parser) => {
      const shared = Buffer.alloc(bytes.length + 64, 10);
      let from = 0;
      for (const to of [...cut, bytes.length]) {
        // As a socket does: the next piece overwrites the last one, and what lies behind it is stale.
        shared.fill("\r\n\r\n:", 0, shared.length);
        bytes.copy(shared, 7, from, to);
        parser.feed(shared, 7, 7 + to - from);
        from = to;
      }
    });
  }
}
