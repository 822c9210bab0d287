import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import { compiledFile } from "./compiled.ts";
import { readSuite } from "./suite-file.ts";
import { readSuiteModule } from "./suite-module.ts";
import { SuiteError } from "./suite-error.ts";
import { UsageError } from "./usage-error.ts";

const RIGHT = '{ name: "mine", servers: ["sse-node"], scenarios: [{ name: "a", rate: "20/s" }] }';
/** As a module has it beside which pushbench is installed. */
const DEFINE = `import { defineSuite } from ${JSON.stringify(compiledFile("load/defined-suite.ts"))};\n`;

// Each is a process, and tsx takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
const catalog = await loadCatalog();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-module-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

async function failureOf(name: string, text: string): Promise<Error> {
  const file = await write(name, text);
  return readSuite(file, catalog).then(
    () => new Error("it was read"),
    (error: Error) => error,
  );
}

describe("a module that is right", () => {
  it.each([
    ["my.mjs", `${DEFINE}export default defineSuite(${RIGHT});`],
    ["my.ts", `${DEFINE}const rate: string = "20/s";\nexport default defineSuite({ ...${RIGHT}, description: rate });`],
    ["my.mts", `${DEFINE}enum Names { mine }\nexport default defineSuite({ ...${RIGHT}, description: Names[0] });`],
    ["plain.mjs", `export default ${RIGHT};`],
    ["my.cjs", `module.exports = ${RIGHT};`],
  ])("%s is read as its YAML would be", async (name, text) => {
    const file = await write(name, text);
    expect(await readSuite(file, catalog)).toMatchObject({ name: "mine", file, servers: ["sse-node"], scenarios: [{ rate: 20 }] });
  });

  it("is a module of several files", async () => {
    await write("rate.ts", 'export const rate: string = "30/s";');
    const file = await write(
      "several.ts",
      `import { rate } from "./rate";\nexport default { ...${RIGHT}, defaults: { rate }, scenarios: [{ name: "a" }] };`,
    );
    expect(await readSuite(file, catalog)).toMatchObject({ scenarios: [{ rate: 30 }] });
  });

  it("may print, keep timers and servers: nobody hears or waits for them", async () => {
    const file = await write("busy.mjs", `console.log("x".repeat(1e6)); setInterval(() => {}, 10);\nexport default ${RIGHT};`);
    expect(await readSuite(file, catalog)).toMatchObject({ name: "mine" });
  });
});

describe("a suite that is wrong", () => {
  const WRONG = '{ name: "mine", servers: ["sse-nod"], trails: 1, scenarios: [{ name: "a", rate: "fast" }] }';

  it.each([
    ["defined.ts", `${DEFINE}export default defineSuite(${WRONG} as never);`],
    ["wrong.mjs", `export default ${WRONG};`],
  ])("in %s is told with the file's name and all paths", async (name, text) => {
    const error = await failureOf(name, text);
    expect(error).toBeInstanceOf(SuiteError);
    expect((error as SuiteError).file).toBe(join(folder, name));
    expect(error.message).toContain(`${join(folder, name)}: scenarios[0].rate: cannot read "fast"`);
    expect(error.message).toContain('trails: unknown key "trails"');
    expect(error.message).toContain('did you mean "sse-node"?');
    expect(error.message).toMatch(new RegExp(`\n3 problems in .*${name}$`));
  });

  it("is told where it is no plain data", async () => {
    const error = await failureOf("function.mjs", `export default { ...${RIGHT}, trials: () => 3 };`);
    expect((error as SuiteError).problems).toMatchObject([{ path: "trials", message: "trials is a function" }]);
  });
});

describe("a module that cannot be loaded", () => {
  it.each([
    ["throws.mjs", 'const n = 1;\nthrow new RangeError("no\\nluck");', "RangeError: no, at <file>:2:7"],
    ["throws.ts", 'type A = 1;\nthrow new RangeError("no luck");', /RangeError: no luck, at <file>:2(:\d+)?$/],
    ["nothing.mjs", "throw undefined;", "it threw undefined"],
    ["symbol.mjs", 'throw Symbol("s");', "it threw Symbol(s)"],
    ["cyclic.mjs", "const a = {}; a.a = a; throw a;", "it threw a object"],
    ["syntax.mjs", "export default {;", /SyntaxError: Unexpected token ';', at <file>:1$/],
    ["syntax.ts", "export default {;", /TransformError: <file>:1:16: ERROR: Expected identifier but found ";"$/],
    ["missing.mjs", 'import "./nowhere.mjs";', /Error: Cannot find module '.*nowhere\.mjs'/],
    [
      "stranger.mjs",
      'import "pushbench";\nexport default {};',
      "it imports pushbench, which is not installed where it stands: npm install it there",
    ],
    [
      "other.mjs",
      "export const suite = {}, rate = 1;",
      "it exports rate, suite, and nothing by default; expected: export default defineSuite({ … })",
    ],
    ["empty.mjs", "", "it exports nothing; expected: export default defineSuite({ … })"],
    ["exits.mjs", 'process.stderr.write("bye"); process.exit(3);', "it ended its process with code 3 before it exported a suite: bye"],
    ["pending.mjs", "await new Promise(() => {});", /^it ended its process with code 13 before it exported a suite/],
  ])("%s is told with the reason", async (name, text, reason) => {
    const error = await failureOf(name, text);
    const file = join(folder, name);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message.startsWith(`cannot load suite "${file}": `)).toBe(true);
    const said = error.message.slice(`cannot load suite "${file}": `.length).replaceAll(file, "<file>");
    if (typeof reason === "string") expect(said).toContain(reason);
    else expect(said).toMatch(reason);
    expect(error.message).not.toMatch(/\n\s+at /);
  });

  it("is given up on where it never ends", async () => {
    const file = await write("endless.mjs", "for (;;);");
    await expect(readSuiteModule(file, catalog, 300)).rejects.toThrow("it was not loaded within 0.3 s");
  });

  it("is told as any other file that is not there", async () => {
    await expect(readSuite("./nowhere.ts", catalog)).rejects.toThrow('cannot read suite "./nowhere.ts": there is no such file');
  });
});
