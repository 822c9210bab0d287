import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findLineEnd } from "./scanning.ts";

// Those that end a line, those that look alike once borrows and signs come in, and any.
const byte = fc.oneof(fc.constantFrom(10, 13, 9, 11, 0, 15, 16, 0x80, 0x8a, 0x8d, 0xff), fc.constantFrom(65, 97), fc.nat(255));

test("the first line end is found where it stands, and nothing outside is looked at", () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 60 }), fc.nat(60), fc.nat(60), (values, a, b) => {
      const bytes = Buffer.from(values);
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      const at = values.slice(start, end).findIndex((value) => value === 10 || value === 13);
      expect(findLineEnd(bytes, start, end)).toBe(at < 0 ? end : start + at);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
