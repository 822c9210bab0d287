import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findLineEnd, findQuote } from "./scanning.ts";

test.each([
  ["line end", findLineEnd, "\n\r"],
  ["quote or backslash", findQuote, '"\\'],
])("the first %s is found where it stands, and nothing outside is looked at", (_, find, wanted) => {
  const sought = [...Buffer.from(wanted)];
  // Those, their neighbours, those that look alike once borrows and signs come in, and any.
  const alike = sought.flatMap((value) => [value, value - 1, value + 1, value | 0x80]);
  const byte = fc.oneof(fc.constantFrom(...alike, 0, 0x80, 0xff), fc.constantFrom(65, 97), fc.nat(255));
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 60 }), fc.nat(60), fc.nat(60), (values, a, b) => {
      const bytes = Buffer.from(values);
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      const at = values.slice(start, end).findIndex((value) => sought.includes(value));
      expect(find(bytes, start, end)).toBe(at < 0 ? end : start + at);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
