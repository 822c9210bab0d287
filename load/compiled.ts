/**
 * The compiled JavaScript that servers and workers run as: a TypeScript loader would add 36 MB and 140 ms to each process, and stand in
 * the figures of the server under test.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const COMPILED = import.meta.url.endsWith(".js");
const ROOT = fileURLToPath(new URL(COMPILED ? "../../" : "../", import.meta.url));
const DIST = join(ROOT, "dist");
const STAMP = join(DIST, ".stamp");
const FOLDERS = ["servers", "load", "reports", "scripts"];
/** Programs that make something of what was compiled, beside themselves. */
const MAKERS = ["reports/page/write-client-scripts.js"];
const CONFIGURATION = ["package.json", "tsconfig.json", "tsconfig.build.json"];

/** The sources do not compile; the message is what the compiler said. */
export class BuildError extends Error {
  override name = "BuildError";
}

/** Absolute path of the JavaScript that `pathFromRoot` ("servers/serve.ts") compiles to. */
export function compiledFile(pathFromRoot: string): string {
  return join(DIST, pathFromRoot.replace(/\.tsx?$/, ".js"));
}

/**
 * Brings `dist/` up to date with the sources; does nothing when this already runs from `dist/`. Throws {@link BuildError} when a source
 * does not compile. Any number of processes may do it at once: each compiles into a folder of its own and renames file by file, and
 * the stamp says which state of the sources was compiled, so that whoever finishes last with an older state is found out next time.
 */
export async function ensureBuilt({ force = false }: { readonly force?: boolean } = {}): Promise<void> {
  if (COMPILED) return;
  const startedAt = Date.now();
  const sources = await listSources();
  const state = await fingerprint(sources);
  if (!force && (await readFile(STAMP, "utf8").catch(() => "")) === state) return;

  const building = join(DIST, `.building-${process.pid}`);
  try {
    await mkdir(building, { recursive: true });
    const complaints = await compile(building);
    for (const source of sources.filter((path) => FOLDERS.includes(path.split("/")[0]!) && !/\.tsx?$/.test(path))) {
      await mkdir(dirname(join(building, source)), { recursive: true });
      await copyFile(join(ROOT, source), join(building, source));
    }
    // Of what could only be emitted they make what they can, so that a test run may go on.
    const failure = await makeFromCompiled(building);
    const wrong = complaints ?? failure;
    const emitted = await listFiles(building);
    if (wrong !== undefined) await rm(STAMP, { force: true });
    for (const file of emitted) {
      await mkdir(dirname(join(DIST, file)), { recursive: true });
      await rename(join(building, file), join(DIST, file));
    }
    await removeLeftovers(new Set(emitted), startedAt);
    // What could be emitted is in place, so that a test run may go on; without a stamp the next build says the same again.
    if (wrong !== undefined) throw new BuildError(wrong);
    await writeFile(join(building, "stamp"), state);
    await rename(join(building, "stamp"), STAMP);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function listSources(): Promise<string[]> {
  const listed = await Promise.all(FOLDERS.map(async (folder) => (await listFiles(join(ROOT, folder))).map((file) => `${folder}/${file}`)));
  return [...CONFIGURATION, ...listed.flat().filter((file) => /\.(tsx?|json|ya?ml|css)$/.test(file) && !/\.test\.tsx?$/.test(file))].sort();
}

/** Every file below a folder, relative to it, without what begins with a dot; none when it is not there. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split("/").some((part) => part.startsWith(".")));
}

/** Times and sizes, not "newer than": a source that was deleted, or came back older out of git, counts as well. */
async function fingerprint(sources: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    const { mtimeMs, size } = await stat(join(ROOT, source)).catch(() => ({
      mtimeMs: 0,
      size: -1,
    }));
    hash.update(`${source} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

/** What the compiler complained about, or nothing. */
async function compile(outDir: string): Promise<string | undefined> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const { code, output } = await runNode([compiler, "-p", "tsconfig.build.json", "--outDir", outDir, "--pretty", "false"]);
  return code === 0 ? undefined : output.trim() || `the compiler ended with code ${String(code)}`;
}

/** What went wrong, or nothing. */
async function makeFromCompiled(building: string): Promise<string | undefined> {
  for (const maker of MAKERS.filter((file) => existsSync(join(building, file)))) {
    const { code, output } = await runNode([join(building, maker)]);
    if (code !== 0) return `${maker} ended with code ${String(code)}: ${output.trim()}`;
  }
  return undefined;
}

async function runNode(words: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, words, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, output };
}

/** Takes away what an earlier state of the sources left, but nothing that another process renamed into place meanwhile. */
async function removeLeftovers(emitted: ReadonlySet<string>, startedAt: number): Promise<void> {
  for (const file of await listFiles(DIST)) {
    if (emitted.has(file)) continue;
    const path = join(DIST, file);
    const modifiedAt = await stat(path).then(
      (found) => found.mtimeMs,
      () => Infinity,
    );
    if (modifiedAt < startedAt) await rm(path, { force: true });
  }
}
