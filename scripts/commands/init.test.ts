import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tsImport } from "tsx/esm/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { pushbench } from "../pushbench-process.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-init-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (path: string) => readFile(join(folder, path), "utf8");

/** GitHub's own parser; it imports JSON in a way that Node 20 no longer takes, and tsx does. */
const { NoOperationTraceWriter, parseWorkflow } = (await tsImport(
  "@actions/workflow-parser",
  import.meta.url,
)) as typeof import("@actions/workflow-parser");

describe("init", () => {
  it("writes a suite that is right and runs as it stands", async () => {
    const made = await pushbench(["init"], folder);
    expect(made).toMatchObject({ code: 0, stdout: "wrote pushbench.yaml\nnext  pushbench run ./pushbench.yaml\n", stderr: "" });
    expect((await pushbench(["validate", "pushbench.yaml"], folder)).stdout).toMatch(
      /^OK pushbench\.yaml: 2 servers, 1 scenario, 2 trials/,
    );
    const ran = await pushbench(["run", "./pushbench.yaml", "--server", "sse-node", "--out", "out"], folder);
    expect(ran, ran.stderr).toMatchObject({ code: 0, orphans: [] });
    expect(JSON.parse(await read("out/summary.json"))).toMatchObject({
      status: "complete",
      cells: [{ server: "sse-node", metrics: { messages_delivered: { median: 7500 } } }],
    });
  });

  it("has in its comments a server of one's own that is right too", async () => {
    await pushbench(["init", "chat", "--server", "polling-node"], folder);
    const text = await read("pushbench.yaml");
    expect(parse(text)).toMatchObject({ name: "chat", servers: ["polling-node"] });
    const own = text.match(/^#   (?:- name: mine|  ).*$/gm)!.filter((line) => !line.includes("yaml-language-server"));
    const withOwn = text.replace("  - polling-node\n", `${own.map((line) => line.replace("#   ", "  ")).join("\n")}\n`);
    await writeFile(join(folder, "own.yaml"), withOwn);
    const { code, stderr } = await pushbench(["validate", "own.yaml"], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(parse(withOwn)).toMatchObject({ servers: [{ name: "mine", command: "node my-server.js" }] });
  });

  it.each([
    ["a project", '{ "name": "shop" }', "npx --no-install pushbench run pushbench.yaml"],
    ["a clone of pushbench", '{ "name": "pushbench" }', 'npm run -s pushbench -- gate pushbench.yaml --base "$BASE"'],
  ])("writes a workflow for %s that GitHub takes", async (_name, manifest, command) => {
    await writeFile(join(folder, "package.json"), manifest);
    const made = await pushbench(["init", "--ci", "github", "--json"], folder);
    expect(JSON.parse(made.stdout)).toEqual({
      schemaVersion: 1,
      written: ["pushbench.yaml", ".github/workflows/pushbench.yml"],
      next: "pushbench run ./pushbench.yaml",
    });
    const content = await read(".github/workflows/pushbench.yml");
    const { context } = parseWorkflow({ name: "pushbench.yml", content }, new NoOperationTraceWriter());
    expect(context.errors.getErrors().map(({ message }) => message)).toEqual([]);
    const { jobs } = parse(content) as { jobs: { pushbench: { steps: { run?: string }[] } } };
    expect(jobs.pushbench.steps.map(({ run }) => run ?? "").join("\n")).toContain(command);
  });

  it("writes a job for GitLab", async () => {
    await pushbench(["init", "chat", "--ci", "gitlab"], folder);
    const { pushbench: job } = parse(await read(".gitlab-ci.yml")) as { pushbench: { script: string[]; artifacts: object } };
    expect(job.script.join("\n")).toMatch(/^npm ci\n[\s\S]*pushbench gate results\/ci --junit gate\.xml/);
    expect(job.artifacts).toMatchObject({ when: "always", reports: { junit: "gate.xml" } });
  });

  it("overwrites nothing, and writes nothing where it cannot write all", async () => {
    await mkdir(join(folder, ".github/workflows"), { recursive: true });
    await writeFile(join(folder, ".github/workflows/pushbench.yml"), "mine");
    const { code, stdout, stderr } = await pushbench(["init", "--ci", "github"], folder);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      "error: .github/workflows/pushbench.yml is here already, and nothing was written: " +
        "move it away, or add the job of docs/ci.md to it by hand, or go to another folder\n",
    );
    expect(await readdir(folder)).toEqual([".github"]);
    await writeFile(join(folder, "pushbench.yaml"), "mine");
    expect((await pushbench(["init"], folder)).stderr).toContain("pushbench.yaml is here already, and nothing was written");
    expect(await read("pushbench.yaml")).toBe("mine");
  });

  it("takes away what it wrote where another file cannot be written", async () => {
    await writeFile(join(folder, ".github"), "a file where a folder is needed");
    const { code, stderr } = await pushbench(["init", "--ci", "github"], folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot write \.github\/workflows\/pushbench\.yml: a file stands where a folder is needed/);
    expect(await readdir(folder)).toEqual([".github"]);
  });

  it.each([
    [["../up"], 'a suite cannot be called "../up": expected letters, digits, dots'],
    [["\u001B[2J"], "expected letters"],
    [["--server", "sse-nod"], 'unknown server "sse-nod": expected some of '],
    [["--server", "sse-nod"], 'did you mean "sse-node"?'],
    [["--ci", "jenkins"], "Allowed choices are github, gitlab, none."],
  ])("%j ends with 2 and writes nothing", async (args, message) => {
    const { code, stdout, stderr } = await pushbench(["init", ...args], folder);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("\u001B");
    expect([code, stdout, await readdir(folder)]).toEqual([2, "", []]);
  });
});
