import { describe, expect, it } from "vitest";
import { wantsColor } from "./color.ts";

const terminal = { isTTY: true };
const pipe = {};

describe("wantsColor", () => {
  it.each([
    ["a terminal", terminal, [], {}, true],
    ["a pipe", pipe, [], {}, false],
    ["a pipe in CI", pipe, [], { CI: "true" }, false],
    ["a dumb terminal", terminal, [], { TERM: "dumb" }, false],
    ["NO_COLOR on a terminal", terminal, [], { NO_COLOR: "1" }, false],
    ["an empty NO_COLOR", terminal, [], { NO_COLOR: "" }, true],
    ["FORCE_COLOR on a pipe", pipe, [], { FORCE_COLOR: "1" }, true],
    ["an empty FORCE_COLOR", pipe, [], { FORCE_COLOR: "" }, false],
    ["FORCE_COLOR=0 on a terminal", terminal, [], { FORCE_COLOR: "0" }, false],
    ["FORCE_COLOR over NO_COLOR", pipe, [], { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
    ["PUSHBENCH_COLOR over both", pipe, [], { PUSHBENCH_COLOR: "1", NO_COLOR: "1", FORCE_COLOR: "0" }, true],
    ["--color over the environment", pipe, ["run", "--color"], { NO_COLOR: "1" }, true],
    ["--no-color over the environment", terminal, ["run", "--no-color"], { FORCE_COLOR: "1" }, false],
    ["the last of both flags", terminal, ["--color", "--no-color"], {}, false],
  ] as const)("%s", (_name, stream, argv, env, expected) => {
    expect(wantsColor(stream, argv, env)).toBe(expected);
  });
});
