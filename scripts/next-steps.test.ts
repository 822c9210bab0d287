import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ResultsFolder } from "./newest-run.ts";
import { nextStepsScreen } from "./next-steps.ts";
import type { Surroundings } from "./next-steps.ts";
import { pushbench } from "./pushbench-process.ts";

const run = (directory: string, report = true): ResultsFolder => ({
  ...{ directory, kind: "run", savedAtMs: 0 },
  ...(report ? { report: `${directory}/report.html` } : {}),
});

/** The commands of a screen, without the program's name. */
function commands(surroundings: Partial<Surroundings>, width = Infinity): string[] {
  const screen = nextStepsScreen({ suites: [], results: [], hasHistory: false, ...surroundings }, width);
  return screen.split("\n").flatMap((line) => (/^ {2}pushbench (.+?)(?: {3}|$)/.exec(line)?.[1] ?? "").trim() || []);
}

describe("what to do next", () => {
  beforeEach(() => void vi.stubEnv("npm_lifecycle_event", undefined));
  afterEach(() => void vi.unstubAllEnvs());

  it.each<[string, Partial<Surroundings>, string[]]>([
    ["an empty folder", {}, ["run quick", "init", "doctor", "list", "--help"]],
    ["a suite", { suites: ["mine.yaml"] }, ["validate ./mine.yaml", "run ./mine.yaml", "--help"]],
    ["a run", { results: [run("results/b")] }, ["open results/b", "init", "--help"]],
    [
      "two runs, a history and suites",
      { results: [run("results/b"), run("results/a")], hasHistory: true, suites: ["my suite.yaml", "b.yaml"] },
      ["open results/b", "compare results/a results/b", "history", "validate './my suite.yaml'", "run './my suite.yaml'", "--help"],
    ],
    ["a run without a report", { results: [run("results/b", false)] }, ["report results/b", "init", "--help"]],
    [
      "a gate, which is no run",
      { results: [{ directory: "results/g", kind: "gate", savedAtMs: 0 }] },
      ["run quick", "init", "doctor", "list", "--help"],
    ],
  ])("in a folder with %s", (_name, surroundings, expected) => {
    expect(commands(surroundings)).toEqual(expected);
  });

  it("stands below the command where a terminal has 40 columns", () => {
    const lines = nextStepsScreen({ suites: ["mine.yaml"], results: [], hasHistory: false }, 40).split("\n");
    expect(lines).toContain("  pushbench validate ./mine.yaml");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  });
});

describe("pushbench without a command", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-next-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("shows it for the folder it is called in, and ends with 0", { timeout: 30_000 }, async () => {
    const directory = join(folder, "results/\u001B[2Jowned");
    await mkdir(directory, { recursive: true });
    for (const file of ["run.json", "report.html"]) await writeFile(join(directory, file), "{}");
    await writeFile(join(folder, "mine.yaml"), "name: mine\nservers: all\nscenarios: [{ name: a }]\n");
    await writeFile(join(folder, "other.yaml"), "services: {}\n");
    const { code, stdout, stderr } = await pushbench([], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("a suite, mine.yaml.\n");
    expect(stdout).toMatch(/pushbench open 'results\/\\x1b\[2Jowned' +see its report/);
    expect(stdout).toMatch(/pushbench run \.\/mine\.yaml +run it/);
  });
});
