/** Builds a small project of its own, with this very module in it, as processes do. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compiledFile, ensureBuilt } from "./compiled.ts";

const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const BUILD = `
import { ensureBuilt } from "./load/compiled.ts";
await ensureBuilt().catch((error) => { process.stdout.write(error.name + ": " + error.message); process.exitCode = 1; });
`;

let project: string;
const dist = (...path: string[]): string => join(project, "dist", ...path);

/** What one process that wants to be up to date says; nothing when all is well. */
async function build(): Promise<string> {
  const child = spawn(process.execPath, ["--import", TSX, "--input-type=module", "--eval", BUILD], {
    cwd: project,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return code === 0 ? said : `exit ${code}: ${said}`;
}

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "pushbench-build-"));
  for (const folder of ["servers", "load/suites", "reports", "scripts"]) await mkdir(join(project, folder), { recursive: true });
  for (const file of ["package.json", "tsconfig.json", "tsconfig.build.json", "load/compiled.ts"]) {
    await copyFile(join(REPOSITORY, file), join(project, file));
  }
  await symlink(join(REPOSITORY, "node_modules"), join(project, "node_modules"));
  await writeFile(join(project, "servers/one.ts"), "export const one: number = 1;\n");
  await writeFile(join(project, "servers/one.test.ts"), "export const test = 1;\n");
  await writeFile(join(project, "load/suites/quick.yaml"), "name: quick\n");
});
afterAll(() => rm(project, { recursive: true }));

test("two processes at once compile everything but the tests, with its types, copy what is not TypeScript, and leave nothing else", async () => {
  expect(await Promise.all([build(), build()])).toEqual(["", ""]);
  expect((await readdir(dist(), { recursive: true })).sort()).toEqual(
    [
      ...[".stamp", "load", "load/compiled.js", "load/compiled.d.ts", "load/suites", "load/suites/quick.yaml"],
      ...["servers", "servers/one.js", "servers/one.d.ts"],
    ].sort(),
  );
  expect(await readFile(dist("servers/one.js"), "utf8")).toContain("one = 1");
});

test("nothing is compiled while no source changed; a change, a deletion and a new file are noticed", async () => {
  await writeFile(dist("servers/one.js"), "// kept");
  expect(await build()).toBe("");
  expect(await readFile(dist("servers/one.js"), "utf8")).toBe("// kept");

  await rm(join(project, "servers/one.ts"));
  await writeFile(join(project, "servers/two.ts"), "export const two = 2;\n");
  expect(await build()).toBe("");
  expect((await readdir(dist("servers"))).sort()).toEqual(["two.d.ts", "two.js"]);
});

test("a source that does not compile is told each time, until it does", async () => {
  await writeFile(join(project, "servers/two.ts"), 'export const two: number = "two";\n');
  const complaint = /^exit 1: BuildError: servers\/two\.ts\(1,14\): error TS2322/;
  expect(await build()).toMatch(complaint);
  expect(await build()).toMatch(complaint);
  await writeFile(join(project, "servers/two.ts"), "export const two: number = 22;\n");
  expect(await build()).toBe("");
  expect(await readFile(dist("servers/two.js"), "utf8")).toContain("22");
});

test("a compiled file is named by its source, and there", async () => {
  await ensureBuilt().catch(() => {});
  const file = compiledFile("load/compiled.ts");
  expect(file).toBe(join(REPOSITORY, "dist/load/compiled.js"));
  const compiled = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as typeof import("./compiled.ts");
  expect(compiled.compiledFile("load/workers/subscriber.ts")).toBe(compiledFile("load/workers/subscriber.ts"));
  await compiled.ensureBuilt({ force: true });
});
