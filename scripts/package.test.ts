/** The package as others have it: packed, installed in an empty folder, run from compiled JavaScript; and what docs/api.md says of it. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { version } from "./version.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENT = readFileSync(join(ROOT, "docs/api.md"), "utf8");
const TSC = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
/** What npm says where its registry cannot be reached, and nothing else that may be wrong with a package. */
const OFFLINE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

const SUITE = `
name: tiny
servers: [sse-node, websocket-ws]
defaults: { subscribers: 10, rate: 20/s, settle: 0, warmup: 0, duration: 3s, drain: 1s }
scenarios: [{ name: a, thresholds: [messages_lost == 0] }]
`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let packed: { readonly files: readonly { readonly path: string }[]; readonly unpackedSize: number; readonly size: number };
/** Why nothing could be installed here. */
let offline: string | undefined;
const mark = randomUUID();

function command(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  // Vitest runs under npm, whose settings are not those of a shell.
  const environment = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|FORCE_COLOR|PUSHBENCH_)/.test(name));
  const env = { ...Object.fromEntries(environment), NO_COLOR: "1", PUSHBENCH_TEST_MARK: mark };
  return new Promise((resolve) => {
    execFile(file, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

function block(file: string): string {
  const found = new RegExp(`^\`\`\`ts ${file.replace(".", "\\.")}\\n(.*?)^\`\`\`$`, "ms").exec(DOCUMENT);
  if (found === null) throw new Error(`docs/api.md has no block for ${file}`);
  return found[1]!;
}

/** Command lines of what was started in this test and still runs. */
async function leftRunning(): Promise<string[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      if (!environment.includes(mark)) return [];
      return [(await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")).replaceAll("\0", " ").trim()];
    }),
  );
  return found.flat().filter((line) => line !== "");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-package-"));
  const made = await command("npm", ["pack", "--json", "--silent", "--pack-destination", folder], ROOT);
  if (made.code !== 0) throw new Error(`npm pack ended with ${made.code}: ${made.stderr}`);
  // What `prepack` prints comes before it.
  [packed] = JSON.parse(made.stdout.slice(made.stdout.indexOf("["))) as [typeof packed];
  await writeFile(join(folder, "package.json"), '{ "name": "empty", "private": true, "type": "module" }\n');
  const tarball = `./pushbench-${version()}.tgz`;
  const got = await command("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--fetch-retries", "0", tarball], folder);
  if (got.code === 0) return;
  if (!OFFLINE.test(got.stderr)) throw new Error(`npm install ended with ${got.code}: ${got.stderr}`);
  offline = `npm cannot reach its registry: ${got.stderr.split("\n")[0]!}`;
});

afterAll(() => rm(folder, { recursive: true, force: true }));

afterEach(async () => {
  const left = await leftRunning();
  if (left.length > 0) throw new Error(`left running: ${left.join("; ")}`);
});

test("the package holds what runs and nothing that builds or tests it", () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "docs/api.md",
      "dist/scripts/pushbench.js",
      "dist/scripts/api.js",
      "dist/scripts/api.d.ts",
      "dist/load/suites/quick.yaml",
      "dist/load/workers/subscriber.js",
      "dist/servers/serve.js",
    ]),
  );
  expect(paths.filter((path) => /(?<!\.d)\.tsx?$|\.map$|\.test\.|fixture-|\.stamp|\/bench\//.test(path))).toEqual([]);
  expect(packed.unpackedSize).toBeLessThan(4 * 1024 * 1024);
  expect(packed.size).toBeLessThan(1024 * 1024);
});

test("the command runs, from compiled JavaScript", async ({ skip }) => {
  skip(offline !== undefined, offline);
  expect(await command("npx", ["pushbench", "--version"], folder)).toMatchObject({ code: 0, stdout: `${version()}\n` });
  const { servers, suites } = JSON.parse((await command("npx", ["pushbench", "list", "--json"], folder)).stdout) as {
    servers: { name: string; available: boolean }[];
    suites: { name: string }[];
  };
  expect(servers).toContainEqual(expect.objectContaining({ name: "sse-node", available: true }));
  expect(suites).toContainEqual(expect.objectContaining({ name: "quick" }));
  expect(existsSync(join(folder, "node_modules/typescript"))).toBe(false);
});

test("a suite runs and leaves a report", async ({ skip }) => {
  skip(offline !== undefined, offline);
  await writeFile(join(folder, "tiny.yaml"), SUITE);
  const ended = await command("npx", ["pushbench", "run", "tiny.yaml", "--out", "results/tiny", "--json"], folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const { cells } = JSON.parse(ended.stdout) as { cells: { server: string; failures: unknown[] }[] };
  expect(cells.map(({ server, failures }) => [server, failures.length])).toEqual([
    ["sse-node", 0],
    ["websocket-ws", 0],
  ]);
  const page = await readFile(join(folder, "results/tiny/report.html"), "utf8");
  expect(page).toContain("<svg");
});

test("a suite in TypeScript is read, its mistakes told by their paths", async ({ skip }) => {
  skip(offline !== undefined, offline);
  await writeFile(join(folder, "my-suite.ts"), block("my-suite.ts"));
  const right = await command("npx", ["pushbench", "validate", "my-suite.ts"], folder);
  expect(right, right.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("1 server, 2 scenarios, 2 trials") as string });
  await writeFile(join(folder, "wrong.ts"), block("my-suite.ts").replace('"1s"', '"1 moment"').replace("sse-node", "\u001B[2Jsse"));
  const wrong = await command("npx", ["pushbench", "validate", "wrong.ts"], folder);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain('wrong.ts: scenarios[0].duration: cannot read "1 moment"');
  expect(wrong.stderr).toContain("2 problems in wrong.ts");
  expect(wrong.stderr).not.toContain("\u001B");
});

test("the example of docs/api.md is of the right types, and runs as it stands", async ({ skip }) => {
  skip(offline !== undefined, offline);
  await writeFile(join(folder, "example.ts"), block("example.ts"));
  // Were something of the package of no type, it would be any, and these no errors.
  const wrong = [
    'defineSuite({ name: "s", servers: "all", scenarios: [{ name: "a", rate: true }] });',
    'await run("quick", { trials: "6" });',
    'await run("quick", { onEvent: (event) => event.kind === "ended" });',
    'await report("results/x", { charts: { format: "png", directory: "charts" } });',
    '(await compare("a", "b")).cells[0]?.verdict;',
  ];
  const lines = wrong.map((line) => `// @ts-expect-error -- wrong\n${line}`);
  await writeFile(join(folder, "wrong-types.ts"), `import { compare, defineSuite, report, run } from "pushbench";\n${lines.join("\n")}\n`);
  const compilerOptions = {
    ...{ module: "nodenext", target: "es2023", strict: true, noEmit: true, exactOptionalPropertyTypes: true, skipLibCheck: true },
    ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] },
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["example.ts", "wrong-types.ts"] }));
  expect(await command(process.execPath, [TSC, "-p", folder, "--pretty", "false"], folder)).toMatchObject({ code: 0, stdout: "" });

  const { code, stdout, stderr } = await command("npx", ["tsx", "example.ts"], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const printed = stdout.trim().split("\n");
  expect(printed.slice(0, 4).sort()).toEqual([
    "sse-node: complete",
    "sse-node: complete",
    "websocket-ws: complete",
    "websocket-ws: complete",
  ]);
  // Whether they pass is for a quiet machine to say.
  expect(printed.slice(4, 6)).toEqual([
    expect.stringMatching(/^sse-node: p99 [\d.]+ ms, \w+, \w+$/),
    expect.stringMatching(/^websocket-ws: p99 [\d.]+ ms, \w+, \w+$/),
  ]);
  expect(printed.slice(6)).toEqual([
    "results/head/report.html",
    expect.stringMatching(/^\d+ metrics are worse$/),
    'unknown server "sse-nod" sse-node',
  ]);
  expect((await readdir(join(folder, "charts"))).length).toBeGreaterThan(0);
});

test("an aborted run ends in order, a listener that throws stops its own, and neither is heard of", async ({ skip }) => {
  skip(offline !== undefined, offline);
  const program = `
import { run } from "pushbench";
const suite = { name: "s", servers: ["sse-node"], scenarios: [{ name: "a", subscribers: 10, warmup: 0, settle: 0, duration: "5m" }] };
const stop = new AbortController();
const began = performance.now();
const { record } = await run(suite, { directory: "aborted", signal: stop.signal, onEvent: ({ kind }) => kind === "second" && stop.abort() });
const early = await run(suite, { directory: "early", signal: stop.signal }).catch((error) => error.name);
const thrown = await run(suite, { directory: "thrown", onEvent: ({ kind }) => { if (kind === "second") throw new RangeError("mine"); } }).catch(String);
const later = await run(suite, { directory: "later", onEvent: async ({ kind }) => { if (kind === "phase") throw new RangeError("late"); } }).catch(String);
const signals = ["SIGINT", "SIGTERM", "uncaughtException"].map((name) => process.listenerCount(name));
const { writeFileSync, existsSync } = await import("node:fs");
const said = { status: record.status, early, begun: existsSync("early"), thrown, later, signals, exitCode: process.exitCode ?? null, inTime: performance.now() - began < 60_000 };
writeFileSync("said.json", JSON.stringify(said));
`;
  await writeFile(join(folder, "abort.mjs"), program);
  expect(await command(process.execPath, ["abort.mjs"], folder)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(JSON.parse(await readFile(join(folder, "said.json"), "utf8"))).toEqual({
    status: "partial",
    early: "AbortError",
    begun: false,
    thrown: "RangeError: mine",
    later: "RangeError: late",
    signals: [0, 0, 0],
    exitCode: null,
    inTime: true,
  });
});
