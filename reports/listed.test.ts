import { expect, it } from "vitest";
import { listed } from "./listed.ts";

it.each([
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c", "d"], "a, b, c and d"],
  [["a", "b", "c", "d", "e"], "a, b and 3 others"],
])("writes %j as %s", (names, text) => {
  expect(listed(names)).toBe(text);
});
