/** The process that loads a suite's module, tells what it exports, and ends. */
import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { ValueProblem } from "../suite-error.ts";
import type { ReadModule } from "../suite/module-answer.ts";
import { plainCopy } from "../suite/plain-copy.ts";
import { problemOf } from "../suite/value-problem.ts";

const [path = ""] = process.argv.slice(2);
// Who asked is gone; the channel alone does not keep a module that waits for nothing.
process.once("disconnect", () => process.exit());
process.channel?.unref();

process.send!(await read(), () => process.exit());

async function read(): Promise<ReadModule> {
  try {
    const module = await load(path);
    if (!("default" in module)) {
      const others = Object.keys(module);
      const what = others.length === 0 ? "it exports nothing" : `it exports ${others.join(", ")}, and nothing by default`;
      return { kind: "failed", reason: `${what}; expected: export default defineSuite({ … })` };
    }
    return suiteOf(unwrapped(module.default));
  } catch (error) {
    const { name, problems } = (error instanceof Error ? error : {}) as { name?: string; problems?: readonly ValueProblem[] };
    // Told by its name: the module may stand on another copy of pushbench, and on another class.
    if (name === "SuiteError" && Array.isArray(problems)) return { kind: "problems", problems };
    return { kind: "failed", reason: reasonOf(error) };
  }
}

/** TypeScript by tsx, which is loaded for nothing else. */
async function load(file: string): Promise<{ readonly default?: unknown }> {
  const { href } = pathToFileURL(file);
  if (!/\.[cm]?ts$/.test(file)) return (await import(href)) as object;
  const { tsImport } = await import("tsx/esm/api");
  return (await tsImport(href, import.meta.url)) as object;
}

/** A module that was compiled to CommonJS has its default export in its default export. */
function unwrapped(value: unknown): unknown {
  const inner = value as { readonly __esModule?: boolean; readonly default?: unknown } | null | undefined;
  return inner?.__esModule === true && inner.default !== undefined ? inner.default : value;
}

/** What is no plain data cannot be sent: it is told here, by its path. */
function suiteOf(exported: unknown): ReadModule {
  const { data, findings } = plainCopy(exported);
  return findings.length === 0 ? { kind: "suite", value: data } : { kind: "problems", problems: findings.map(problemOf) };
}

/** What was thrown in one line, with the place in the module where its stack knows it. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `it threw ${textOf(thrown)}`;
  const { name, message, stack = "", code } = thrown as NodeJS.ErrnoException;
  const [first = "", second = ""] = message.split("\n");
  // What tsx cannot read is told in the line below.
  const what = first.endsWith(":") ? second : first;
  if (code === "ERR_MODULE_NOT_FOUND" && what.includes("'pushbench'")) {
    return "it imports pushbench, which is not installed where it stands: npm install it there, or export the suite as a plain object";
  }
  const told = name === "SyntaxError" ? `${stack}\n${syntaxCheck()}` : stack;
  const place = placeIn(told);
  const where = place === undefined || what.includes(path) ? "" : `, at ${path}${place}`;
  const hint = name === "SyntaxError" && /import statement|token 'export'/.test(message) ? "; an ES module is named .mjs" : "";
  return `${name}: ${what}${where}${hint}`;
}

/** `:2:7`, where the module is named first; tsx marks it by a query, and holds CommonJS in a `data:` address. */
function placeIn(told: string): string | undefined {
  const behind = [path, encodeURIComponent(path)].flatMap((name) => told.split(name).slice(1));
  return behind.flatMap((rest) => /^(?:(?:\?|%3F)[^:\s]*)?((?::\d+){1,2})/.exec(rest)?.[1] ?? [])[0];
}

/** What Node says of a file that it cannot read, with the line, which the error of an import lacks. */
function syntaxCheck(): string {
  return spawnSync(process.execPath, ["--check", path], { encoding: "utf8", timeout: 5000 }).stderr;
}

/** Anything can be thrown, also what cannot be written down. */
function textOf(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return `a ${typeof thrown}`;
  }
}
