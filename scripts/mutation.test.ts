import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { mutate, outcomeOf } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

describe("a mutation of the list", () => {
  it.each(MUTATIONS)("$file: $what – is of a text that occurs once, and its tests are there", (mutation) => {
    const source = readFileSync(at(mutation.file), "utf8");
    expect(mutate(source, mutation)).not.toBe(source);
    expect(mutation.tests).not.toEqual([]);
    expect(mutation.tests.filter((path) => !/\.test\.tsx?$/.test(path) || !existsSync(at(path)))).toEqual([]);
  });

  it("has words of its own", () => {
    const names = MUTATIONS.map(({ file, what }) => `${file}: ${what}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a mutation", () => {
  const mutation = { what: "off by one", file: "load/ledger.ts", text: "n + 1", replacement: "n", tests: [] };

  it("changes its text alone", () => {
    expect(mutate("const next = n + 1;\nconst n = 2;", mutation)).toBe("const next = n;\nconst n = 2;");
  });

  it.each([
    ["const next = n;", "0 times"],
    ["n + 1; n + 1", "2 times"],
  ])("of a text that does not occur once in %j is refused by name", (source, times) => {
    expect(() => mutate(source, mutation)).toThrow(`load/ledger.ts: the text of the mutation "off by one" occurs ${times}`);
  });

  const file = (status: string, message: string, ...tests: readonly string[]) => ({
    status,
    message,
    assertionResults: tests.map((each, i) => ({ fullName: `test ${i}`, status: each })),
  });

  it("is caught by the first test that fails", () => {
    const testResults = [file("passed", "", "passed"), file("failed", "", "passed", "failed", "skipped")];
    expect(outcomeOf({ testResults })).toEqual({ kind: "caught", by: "test 1" });
  });

  it("survives where all tests pass", () => {
    expect(outcomeOf({ testResults: [file("passed", "", "passed", "skipped")] })).toEqual({ kind: "survived" });
  });

  it("is neither where a file does not load or no test ran", () => {
    expect(outcomeOf({ testResults: [file("passed", "", "passed"), file("failed", "SyntaxError: here\nat …")] })).toEqual({
      kind: "unclear",
      why: "SyntaxError: here",
    });
    expect(outcomeOf({ testResults: [] })).toMatchObject({ kind: "unclear" });
  });
});
