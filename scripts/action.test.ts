import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tsImport } from "tsx/esm/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ACTION = await readFile(join(ROOT, "action.yml"), "utf8");
const DOCS = await readFile(join(ROOT, "docs/ci.md"), "utf8");

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action = parse(ACTION) as Action;

/** Blocks of YAML under a heading of the docs. */
function blocks(heading: string): string[] {
  const section = DOCS.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => yaml!);
}

const [githubYaml = ""] = blocks("GitHub");
const [gitlabYaml = ""] = blocks("GitLab");
const github = parse(githubYaml) as { readonly jobs: { readonly gate: { readonly steps: readonly Step[] } } };

/** GitHub's own parser; it imports JSON in a way that Node 20 no longer takes, and tsx does. */
const { NoOperationTraceWriter, parseWorkflow } = (await tsImport(
  "@actions/workflow-parser",
  import.meta.url,
)) as typeof import("@actions/workflow-parser");
const { parseAction } = (await tsImport(
  "@actions/workflow-parser/actions/action-parser",
  import.meta.url,
)) as typeof import("@actions/workflow-parser/actions/action-parser");

function problemsOf(kind: typeof parseWorkflow, name: string, content: string): string[] {
  return kind({ name, content }, new NoOperationTraceWriter())
    .context.errors.getErrors()
    .map(({ message }) => message);
}

/** Flags that the table of the docs lists. */
const FLAGS = new Set([...DOCS.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag!));
const flagsIn = (text: string): string[] => [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);

describe("the action", () => {
  it("is one that GitHub takes, and what is wrong would be seen", () => {
    expect(problemsOf(parseAction, "action.yml", ACTION)).toEqual([]);
    expect(problemsOf(parseAction, "action.yml", ACTION.replace("using: composite", "using: composit"))).not.toEqual([]);
    expect(problemsOf(parseAction, "action.yml", ACTION.replace("shell: bash", "shel: bash"))).not.toEqual([]);
  });

  it("uses every input once, and none that there is not", () => {
    const used = [...ACTION.matchAll(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g)].map(([, name]) => name!);
    expect(used.toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    expect(Object.keys(action.inputs)).toEqual(["suite", "base", "head", "budget", "accepted", "allow-inconclusive"]);
  });

  it("puts no expression into a script, and names the shell of each", () => {
    for (const step of action.runs.steps) {
      expect(step.run).not.toContain("${{");
      expect(step.shell).toBe("bash");
    }
  });

  it("sets the outputs that it promises, in the step that it names", () => {
    for (const [name, { value }] of Object.entries(action.outputs)) {
      expect(value).toBe(`\${{ steps.gate.outputs.${name} }}`);
      expect(action.runs.steps.find(({ id }) => id === "gate")!.run).toContain(`"${name}=`);
    }
  });

  it("gives no flag that the docs do not list", () => {
    const { run: script = "" } = action.runs.steps.find(({ id }) => id === "gate")!;
    const given = flagsIn(script);
    expect(given).toContain("--base");
    for (const flag of given) expect(FLAGS).toContain(flag);
  });
});

describe("the action's gate", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "pushbench-action-"));
    await mkdir(join(folder, "dist", "scripts"), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Runs the step with a gate that prints its own arguments into a file, then `stdout`, and ends with `code`. */
  async function gate(stdout: string, code: number, inputs: Readonly<Record<string, string>> = {}) {
    const fake = `
      require("node:fs").writeFileSync(${JSON.stringify(join(folder, "arguments.json"))}, JSON.stringify(process.argv.slice(2)));
      process.stdout.write(${JSON.stringify(stdout)});
      process.exitCode = ${code};`;
    await writeFile(join(folder, "dist", "scripts", "pushbench.js"), fake);
    const step = action.runs.steps.find(({ id }) => id === "gate")!;
    const script = join(folder, "step.sh");
    await writeFile(script, step.run!);
    const output = join(folder, "output");
    await writeFile(output, "");
    const env: NodeJS.ProcessEnv = {
      PATH: process.env["PATH"],
      GITHUB_ACTION_PATH: folder,
      GITHUB_OUTPUT: output,
      RUNNER_TEMP: folder,
      ...Object.fromEntries(
        Object.entries(step.env!).map(([name, expression]) => {
          const input = /inputs\.([\w-]+)/.exec(expression)![1]!;
          return [name, inputs[input] ?? action.inputs[input]!.default ?? ""];
        }),
      ),
    };
    // As the runner does it for "shell: bash".
    const ended = await run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], { env }).then(
      () => 0,
      (error: { readonly code: number }) => error.code,
    );
    const outputs = Object.fromEntries(
      (await readFile(output, "utf8"))
        .trim()
        .split("\n")
        .map((line) => line.split("=")),
    );
    const given = JSON.parse(await readFile(join(folder, "arguments.json"), "utf8")) as string[];
    return { ended, outputs, given };
  }

  it.each([
    ["pass", 0],
    ["fail", 3],
    ["inconclusive", 4],
    ["invalid", 4],
  ])("hands on %s, with its exit code", async (verdict, code) => {
    const { ended, outputs } = await gate(JSON.stringify({ verdict }), code, { base: "main" });
    expect(ended).toBe(code);
    expect(outputs["verdict"]).toBe(verdict);
    expect(JSON.parse(await readFile(join(outputs["report"], "gate-report.json"), "utf8"))).toEqual({ verdict });
  });

  it.each([
    ["", 2],
    ["no report", 1],
    ['{"verdict":"x\\nreport=elsewhere"}', 0],
  ])("says error where %j was printed", async (stdout, code) => {
    const { ended, outputs } = await gate(stdout, code, { base: "main" });
    expect(ended).toBe(code);
    expect(outputs["verdict"]).toBe("error");
    expect(outputs["report"]).toContain(folder);
  });

  it("gives what was asked for and nothing else, each as one word", async () => {
    const { given } = await gate("{}", 0, { base: "main" });
    expect(given[0]).toBe("gate");
    expect(given).toEqual(expect.arrayContaining(["--base=main", "--head=.", "--json"]));
    expect(given.slice(-2)).toEqual(["--", "gate"]);
    expect(given.some((word) => /budget|accepted|inconclusive/.test(word))).toBe(false);
    const all = await gate("{}", 0, { base: "main", budget: "20m", accepted: "a b.yaml", "allow-inconclusive": "true" });
    expect(all.given).toEqual(expect.arrayContaining(["--budget=20m", "--accepted=a b.yaml", "--allow-inconclusive"]));
  });

  it("runs nothing that stands in an input", async () => {
    const evil = `"; touch ${join(folder, "owned")}; $(touch ${join(folder, "owned")}) \`touch ${join(folder, "owned")}\` '`;
    const { given } = await gate("{}", 0, { base: evil, suite: evil, head: evil, budget: evil, accepted: evil });
    expect(given).toContain(`--base=${evil}`);
    expect(given.at(-1)).toBe(evil);
    await expect(readFile(join(folder, "owned"))).rejects.toThrow("ENOENT");
  });
});

describe("the workflow of the docs", () => {
  it("is one that GitHub takes, and what is wrong would be seen", () => {
    expect(problemsOf(parseWorkflow, "gate.yml", githubYaml)).toEqual([]);
    expect(problemsOf(parseWorkflow, "gate.yml", githubYaml.replace("runs-on", "run-on"))).not.toEqual([]);
    expect(problemsOf(parseWorkflow, "gate.yml", githubYaml.replace("github.base_ref }}", "github.base_ref }"))).not.toEqual([]);
  });

  it("gives inputs that the action has, all that it requires, and uses outputs that it sets", () => {
    const { with: given = {} } = github.jobs.gate.steps.find(({ uses }) => uses === "./")!;
    for (const name of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(name);
    for (const [name, { required }] of Object.entries(action.inputs)) if (required === true) expect(given).toHaveProperty(name);
    const used = [...githubYaml.matchAll(/steps\.gate\.outputs\.(\w+)/g)].map(([, name]) => name!);
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect(Object.keys(action.outputs)).toContain(name);
  });

  it("puts no expression into a script", () => {
    for (const { run: script = "" } of github.jobs.gate.steps) expect(script).not.toContain("${{");
  });

  it("finds its comment again by the line that the report begins with", async () => {
    const { COMMENT_MARKER } = await import("../reports/formats/gate-markdown.ts");
    expect(githubYaml).toContain(`startswith("${COMMENT_MARKER}")`);
  });
});

it("the pipeline of the docs for GitLab writes what it hands on, with flags that there are", () => {
  const { gate } = parse(gitlabYaml) as {
    readonly gate: {
      readonly script: readonly string[];
      readonly artifacts: { readonly when: string; readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
    };
  };
  const command = gate.script.at(-1)!;
  expect(command).toContain(`--junit ${gate.artifacts.reports.junit}`);
  for (const path of gate.artifacts.paths) expect(command).toMatch(new RegExp(`--(out|markdown) ${path}`));
  for (const flag of flagsIn(command)) expect(FLAGS).toContain(flag);
  // What failed is what one wants to read.
  expect(gate.artifacts.when).toBe("always");
});

it("the docs' example of accepted regressions and of thresholds can be read", async () => {
  const [{ parseAccepted }, { parseSuite }] = await Promise.all([import("../load/accepted-file.ts"), import("../load/suite-file.ts")]);
  expect(parseAccepted(blocks("Accepted regressions")[0]!, "docs/ci.md", ["sse-node"])).toHaveLength(1);
  const thresholds = blocks("Thresholds")[0]!.replaceAll(/^/gm, "    ");
  const suite = `name: s\nservers: [sse-node]\nmatrix: { subscribers: [100, 1k] }\nscenarios:\n  - name: a\n${thresholds}`;
  const parsed = parseSuite(suite, "docs/ci.md", [{ name: "sse-node", transport: "sse" }]);
  expect(parsed.scenarios.map((scenario) => scenario.thresholds.length)).toEqual([2, 2]);
});
