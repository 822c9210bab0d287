import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunResult } from "../load/run.ts";
import { nextCommand } from "./next-command.ts";
import type { RunArguments } from "./next-command.ts";

const ended = (status: string, ...repetitions: number[]): RunResult =>
  ({
    directory: "results/x",
    record: { status, plannedTrials: repetitions.length },
    measurements: repetitions.map((repetition) => ({ trial: { repetition } })),
  }) as unknown as RunResult;

describe("the command suggested after a run", () => {
  beforeEach(() => void vi.stubEnv("npm_lifecycle_event", undefined));
  afterEach(() => void vi.unstubAllEnvs());

  it.each<[string, RunResult, RunArguments, string]>([
    ["a complete one", ended("complete", 1, 1), { suite: "quick" }, "pushbench run quick --trials 6"],
    [
      "a complete one with arguments",
      ended("complete", 1, 2),
      { suite: "./my suite.yaml", server: ["sse-node", "websocket-ws"], seed: 0, strict: true, trials: 2 },
      "pushbench run './my suite.yaml' --server sse-node,websocket-ws --seed 0 --strict --trials 6",
    ],
    [
      "one with enough trials",
      ended("complete", 1, 2, 3, 4, 5, 6),
      { suite: "quick", trials: 6 },
      "pushbench report results/x --charts svg results/x/charts",
    ],
    ["an interrupted one", ended("partial", 1), { suite: "quick", seed: 3 }, "pushbench run --resume results/x"],
    ["a failed one", ended("failed", 1, 7), { suite: "quick", trials: 8, strict: true }, "pushbench run --resume results/x --strict"],
    ["one that could run nothing", ended("failed"), { suite: "quick", seed: 3 }, "pushbench run quick --seed 3"],
    [
      "one with a history of its own",
      ended("complete", 1),
      { suite: "quick", history: "ci.jsonl" },
      "pushbench run quick --history ci.jsonl --trials 6",
    ],
    ["an interrupted one without a history", ended("partial", 1), { history: false }, "pushbench run --resume results/x --no-history"],
    ["a complete one that was gone on with", ended("complete", 1), {}, "pushbench report results/x --charts svg results/x/charts"],
    ["one that was stopped again", ended("partial", 1), {}, "pushbench run --resume results/x"],
  ])("repeats or goes on from %s", (_name, result, given, expected) => {
    expect(nextCommand(result, given)).toBe(expected);
  });

  it("can be typed in a clone", () => {
    vi.stubEnv("npm_lifecycle_event", "bench");
    expect(nextCommand(ended("complete", 1), { suite: "quick" })).toBe("npm run -s pushbench -- run quick --trials 6");
  });
});
