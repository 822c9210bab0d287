import { expect, it } from "vitest";
import { wrapped } from "./wrap.ts";

it.each([
  ["one two three", 20, 0, "one two three"],
  ["one two three", 8, 0, "one two\nthree"],
  ["! one two three", 9, 2, "! one two\n  three"],
  ["  one two three", 9, 2, "  one two\n  three"],
  ["a wordwiderthanaline b", 9, 2, "a wordwiderthanaline\n  b"],
  ["one two three four", 9, 8, "one two\n   three\n   four"],
  ["\u001b[31mone\u001b[39m two three", 8, 0, "\u001b[31mone\u001b[39m two\nthree"],
  ["", 8, 2, ""],
])("breaks %j at %d columns with a hang of %d", (text, width, hang, expected) => {
  expect(wrapped(text, width, hang)).toBe(expected);
});
