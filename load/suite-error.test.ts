import { expect, test } from "vitest";
import { SuiteError } from "./suite-error.ts";

/** The quoted line and the one with the caret, without their gutters. */
function quoted(line: string, column: number, length: number): string[] {
  const { message } = new SuiteError("s.yaml", line, [{ line: 1, column, length, message: "wrong" }]);
  return message
    .split("\n")
    .slice(1, 3)
    .map((text) => text.slice("    1 | ".length));
}

test("a short line is quoted whole", () => {
  expect(quoted("\trate: fast", 8, 4)).toEqual(["\trate: fast", "\t      ^^^^"]);
});

test.each([
  ["begins", "wrong".padEnd(5000, "x"), 1],
  ["goes on", `${"x".repeat(3000)}wrong${"x".repeat(3000)}`, 3001],
  ["ends", `${"x".repeat(3000)}wrong`, 3001],
])("a long line that %s with the mistake is clipped around the caret", (_where, line, column) => {
  const [source, carets] = quoted(line, column, 5);
  expect(source!.length).toBeLessThanOrEqual(122);
  expect(source!.slice(carets!.indexOf("^"), carets!.length)).toBe("wrong");
});

test("the carets of a long mistake end with the quoted line", () => {
  const [source, carets] = quoted("x".repeat(5000), 1, 5000);
  expect(carets).toHaveLength(source!.length);
});

test.each([80, 40, 30])("a quoted line fits a terminal of %d columns, with the mistake in it", (columns) => {
  const line = `${"x".repeat(200)}wrong${"x".repeat(200)}`;
  const error = new SuiteError("s.yaml", line, [{ line: 1, column: 201, length: 5, message: "wrong" }]);
  const [source, carets] = error.shown(columns).split("\n").slice(1, 3);
  expect(source!.length).toBeLessThanOrEqual(Math.max(columns, 34));
  expect(source!.slice(carets!.indexOf("^"), carets!.length)).toBe("wrong");
});

test("the caret stands under its word behind characters that take two columns", () => {
  expect(quoted("# 日本 rate: fast", 12, 4)).toEqual(["# 日本 rate: fast", "  \u3000\u3000       ^^^^"]);
});

test("nothing of a file is a command to the terminal, and places stay", () => {
  const [source, carets] = quoted("a\u001B[2J\u202Eb: wrong", 10, 5);
  expect(source).toBe("a\uFFFD[2J\uFFFDb: wrong");
  expect(source!.slice(carets!.indexOf("^"))).toBe("wrong");
});
