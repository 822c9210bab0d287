/** What holds for every parser whatever the stream and wherever it is cut. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandomSource, mutate, piecesOf } from "./mutation.ts";
import { ProtocolError } from "./protocol-error.ts";
import { SUBJECTS } from "./subjects.ts";
import type { Subject } from "./subjects.ts";

/** All parsers together; longer by hand: `FUZZ_SECONDS=600 npm run fuzz`. */
const FUZZ_SECONDS = Number(process.env["FUZZ_SECONDS"] ?? 10);
const MIB = 1024 * 1024;
const FUZZ_SEED = Number(process.env["FUZZ_SEED"] ?? 1);

/** What a parser reads from a stream that comes in these pieces, and the error that ended it. */
function readAll({ read }: Subject, bytes: Buffer, ends: readonly number[]): { seen: string[]; error?: string } {
  const reading = read();
  const shared = Buffer.alloc(bytes.length + 16);
  let from = 0;
  for (const to of ends) {
    // As a socket does: the next piece overwrites the last one, and what lies around it is stale.
    shared.fill("\r\n\r\n:\x81");
    bytes.copy(shared, 8, from, to);
    try {
      reading.feed(shared, 8, 8 + to - from);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { seen: reading.seen, error: error.kind };
    }
    from = to;
  }
  return { seen: reading.seen };
}

describe.each(SUBJECTS)("$name", (subject) => {
  test("are read the same wherever they are cut", () => {
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(subject.streams, cuts, ({ bytes, seen }, places) => {
        const ends = [...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
        expect(readAll(subject, bytes, ends)).toEqual({ seen });
        expect(
          readAll(
            subject,
            bytes,
            Array.from(bytes, (_, i) => i + 1),
          ),
        ).toEqual({ seen });
      }),
      { seed: FUZZ_SEED, numRuns: 200 },
    );
  });

  test("that are damaged end in the same protocol error, or none, wherever they are cut", { timeout: FUZZ_SECONDS * 1000 + 10_000 }, () => {
    const random = createRandomSource(FUZZ_SEED);
    const streams = fc.sample(subject.streams, { seed: FUZZ_SEED, numRuns: 200 }).map(({ bytes }) => bytes);
    const endAt = performance.now() + (FUZZ_SECONDS * 1000) / SUBJECTS.length;
    let cases = 0;
    let broken = 0;
    for (; performance.now() < endAt; cases++) {
      const bytes = mutate(streams, random);
      const whole = readAll(subject, bytes, [bytes.length]);
      const pieces = piecesOf(bytes, random);
      const cut = readAll(subject, bytes, pieces);
      if (whole.error !== undefined) broken++;
      if (JSON.stringify(whole) !== JSON.stringify(cut))
        expect({ ...cut, case: cases, hex: bytes.toString("hex"), pieces }).toEqual({ ...whole, case: cases });
    }
    // A fuzz that breaks nothing, or everything, tests nothing.
    expect(cases).toBeGreaterThan(1000);
    if (subject.name !== "streams of lines" && subject.name !== "event streams") expect(broken).toBeGreaterThan(cases / 100);
    expect(broken).toBeLessThan(cases * 0.95);
  });

  test.each(subject.endless)("that begin with %j and never end do not fill the memory", (begin, repeated) => {
    const reading = subject.read();
    const block = Buffer.from(repeated.repeat(Math.ceil(MIB / repeated.length)), "latin1");
    const first = Buffer.from(begin, "latin1");
    const before = process.memoryUsage();
    try {
      reading.feed(first, 0, first.length);
      for (let fed = 0; fed < 80 * MIB; fed += block.length) reading.feed(block, 0, block.length);
      // Not refused: then nothing of it is kept.
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      expect(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(32 * MIB);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
    expect(reading.seen).toEqual([]);
  });
});
