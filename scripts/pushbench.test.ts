import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInSuites } from "../load/suite-file.ts";
import { pushbench as start, startPushbench } from "./pushbench-process.ts";

const pushbench = (args: readonly string[], env?: NodeJS.ProcessEnv) => start(args, folder, env);

let folder: string;
let broken: string;
let good: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-cli-"));
  broken = join(folder, "broken.yaml");
  good = join(folder, "good.yaml");
  await writeFile(
    broken,
    [
      "name: broken",
      "servers: [sse-node, polling-nod]",
      "trails: 3",
      "scenarios:",
      "  - name: a",
      "    rate: fast",
      "    matrix: { subscribers: [] }",
      "    thresholds:",
      "      - delivery_latency_ms < 250",
      "",
    ].join("\n"),
  );
  await writeFile(good, "name: good\nservers: [sse-node, websocket-ws]\ntrials: 6\nscenarios: [{ name: a }]\n");
});

afterAll(() => rm(folder, { recursive: true }));

const FIVE = [
  ["2:21", 'unknown server "polling-nod"', 'did you mean "polling-node"?'],
  ["3:1", 'unknown key "trails"', 'did you mean "trials"?'],
  ["6:11", 'rate: cannot read "fast"', "expected a rate such as 50/s or 2k/s"],
  ["7:28", "subscribers cannot be an empty list", "expected at least one value"],
  ["9:9", 'unknown metric "delivery_latency_ms"', 'did you mean "delivery_latency_ms.p99"?'],
] as const;

describe("a suite with five different mistakes", () => {
  it.each([["validate"], ["run"]])("is told all five by %s, each with line and column, and exit 2", async (command) => {
    const { code, stdout, stderr } = await pushbench([command, broken]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    for (const [place, message, hint] of FIVE) {
      expect(stderr).toContain(`${broken}:${place}: ${message}`);
      expect(stderr).toContain(hint);
    }
    expect(stderr).toContain(`5 problems in ${broken}`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("is one JSON document for a program", async () => {
    const { code, stdout, stderr } = await pushbench(["validate", broken, "--json"]);
    expect(code).toBe(2);
    expect(stderr).toBe("");
    const { problems, ...rest } = JSON.parse(stdout) as { problems: { line: number; column: number }[] };
    expect(rest).toEqual({ schemaVersion: 1, valid: false, file: broken });
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(FIVE.map(([place]) => place));
  });
});

describe("validate", () => {
  it("says OK, with what the suite comes to", async () => {
    expect(await pushbench(["validate", good])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^OK .*good\.yaml: 2 servers, 1 scenario, 12 trials, about 3 minutes\nlargest trial: .*: 1 server process and 1 worker for 100 connections, about 50 MB of the [\d.]+ GB of memory\n$/,
      ) as string,
      stderr: "",
    });
  });

  it("says that it may take longer where warm-ups are long enough to be extended", async () => {
    const file = join(folder, "long.yaml");
    await writeFile(file, "name: long\nservers: [sse-node]\nscenarios: [{ name: a, warmup: 8s }]\n");
    const { stdout } = await pushbench(["validate", file]);
    expect(stdout).toMatch(/ seconds, longer where a server is not steady and its warm-up is extended\n/);
  });

  it("is one JSON document for a program, also where there is no suite to read", async () => {
    const { code, stdout, stderr } = await pushbench(["validate", "./nowhere.yaml", "--json"]);
    expect([code, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      valid: false,
      file: "./nowhere.yaml",
      problems: [{ message: expect.stringContaining("there is no such file") as string }],
    });
    expect(JSON.parse((await pushbench(["validate", good, "--json"])).stdout)).toMatchObject({
      schemaVersion: 1,
      valid: true,
      outlook: { misfits: [] },
    });
  });

  it("names the suite that was meant", async () => {
    const { code, stderr } = await pushbench(["validate", "quik"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: unknown suite "quik".*did you mean "quick"\?\n$/);
  });

  it.each([
    ["an image", Buffer.from("\u0089PNG\r\n\u001A\n\0\0\0\rIHDR", "latin1")],
    ["a Latin-1 text", Buffer.from("name: caf\u00E9\n", "latin1")],
  ])("refuses %s as no text file", async (_name, bytes) => {
    const file = join(folder, "bytes.yaml");
    await writeFile(file, bytes);
    const { code, stderr } = await pushbench(["validate", file]);
    expect(code).toBe(2);
    expect(stderr).toBe(`error: cannot read suite "${file}": it is no text file; expected YAML in UTF-8, such as ./my.yaml\n`);
  });

  it("says which file is not there", async () => {
    const { code, stderr } = await pushbench(["validate", "./nowhere.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot read suite "./nowhere.yaml": there is no such file');
  });
});

describe("list", () => {
  it("shows servers with their availability, transports and suites", async () => {
    const { code, stdout } = await pushbench(["list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +websocket-ws +websocket +✓ available, ws \d/m);
    expect(stdout).toMatch(/^ +sse +.*sse-node/m);
    expect(stdout).toMatch(/^ +quick +\S/m);
    expect(stdout).toMatch(/^Metrics, where <p> is one of p50, p90, p95, p99, p999, max$/m);
    expect(stdout).toMatch(/^ +delivery_latency_ms\.<p> +ms +publish/m);
    expect(stdout).toMatch(/^ +messages_lost +lost$/m);
  });

  it("is one JSON document with --json, and with PUSHBENCH_JSON", async () => {
    const [flag, environment] = await Promise.all([pushbench(["list", "--json"]), pushbench(["list"], { PUSHBENCH_JSON: "1" })]);
    expect(environment.stdout).toBe(flag.stdout);
    const { schemaVersion, ...lists } = JSON.parse(flag.stdout) as { schemaVersion: number };
    const { servers, transports, suites, metrics } = lists as Record<string, { name: string }[]>;
    expect(schemaVersion).toBe(1);
    expect(metrics).toContainEqual({ name: "delivery_latency_ms.p99", unit: "ms", better: "lower", label: expect.any(String) as string });
    expect(servers!.map(({ name }) => name)).toEqual(expect.arrayContaining(["polling-node", "sse-node", "websocket-ws"]));
    expect(transports!.map(({ name }) => name)).toEqual(expect.arrayContaining(["polling", "sse", "websocket"]));
    expect(suites!.map(({ name }) => name)).toContain("quick");
  });

  it("takes 0 and false in the environment for no", async () => {
    const { stdout } = await pushbench(["list"], { PUSHBENCH_JSON: "0" });
    expect(stdout).toMatch(/^Servers\n/);
  });
});

describe("colour", () => {
  const escape = "\u001B[";

  it("does not go into a pipe, CI or not", async () => {
    expect((await pushbench(["list"], { CI: "true" })).stdout).not.toContain(escape);
  });

  it("goes where it is asked for", async () => {
    expect((await pushbench(["list", "--color"], { NO_COLOR: "1" })).stdout).toContain(escape);
  });
});

describe("help and mistakes on the command line", async () => {
  const suites = (await builtInSuites()).join(", ");

  it.each([[["--help"]], [["run", "--help"]], [["serve", "--help"]], [["help", "list"]]])("%j shows examples first", async (args) => {
    const { code, stdout, stderr } = await pushbench(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Examples:\n {2}pushbench /);
    expect(stdout.indexOf("Examples:")).toBeLessThan(stdout.indexOf("Usage:"));
    expect(stderr).toBe("");
  });

  it("names commands as they can be typed: through npm, in a clone", async () => {
    const { stdout } = await pushbench(["--help"], { npm_lifecycle_event: "pushbench" });
    expect(stdout).toMatch(/^Examples:\n {2}npm run -s pushbench -- run quick /);
  });

  it.each([
    [["lst"], "unknown command 'lst'"],
    [
      ["run"],
      `missing required argument 'suite': expected a built-in suite (${suites}) or the path of a YAML, TypeScript or JavaScript file, as in: pushbench run quick`,
    ],
    [["validate"], `missing required argument 'suite': expected a built-in suite (${suites})`],
    [["serve"], "missing required argument 'server': expected one of "],
    [["run", "quick", "--trails", "3"], "unknown option '--trails'"],
    [["run", "quick", "--trials", "0"], "Expected a whole number such as 100 or 10k, from 1 to 1000."],
    [["run", "quick", "--server", "sse-nod"], 'did you mean "sse-node"?'],
    [["serve", "sse-nod"], 'did you mean "sse-node"?'],
    [["serve", "sse-node", "--port", "65536"], "from 0 to 65535"],
  ])("%j ends with 2 and says what is wrong", async (args, message) => {
    const { code, stdout, stderr } = await pushbench(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });

  it("a run keeps out of a folder that is not empty", async () => {
    const { code, stderr } = await pushbench(["run", "quick", "--out", folder]);
    expect(stderr).toContain(`--out ${folder} is not empty`);
    expect(code).toBe(2);
  });

  it("shows the stack with --verbose only", async () => {
    expect((await pushbench(["validate", "quik"])).stderr).not.toMatch(/^\s+at /m);
    expect((await pushbench(["validate", "quik", "--verbose"])).stderr).toMatch(/^\s+at /m);
  });

  it("does not crash when the reader goes away", async () => {
    const { child, ended } = await startPushbench(["list"], folder);
    child.stdout!.destroy();
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
