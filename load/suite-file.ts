/** Suites from files: built-in ones by name, others by path. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { descriptorsPerProcess } from "./machine/limits.ts";
import { nearest } from "./nearest.ts";
import { SuiteError } from "./suite-error.ts";
import { isSuiteModule, readSuiteModule } from "./suite-module.ts";
import { checkSuite } from "./suite/check.ts";
export { suiteJsonSchema } from "./suite/schema.ts";
import type { KnownServer } from "./suite/servers.ts";
export type { KnownServer } from "./suite/servers.ts";
import { readSource } from "./suite/source.ts";
import type { Scenario, Suite } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

const BUILT_IN = fileURLToPath(new URL("./suites/", import.meta.url));

/**
 * A suite by its built-in name (`quick`), or the path of its file: YAML, or a module in JavaScript or TypeScript. Throws {@link SuiteError}
 * with all of its problems, {@link UsageError} where there is none.
 */
export async function readSuite(nameOrPath: string, known: readonly KnownServer[]): Promise<Suite> {
  const isName = /^[A-Za-z0-9_-]+$/.test(nameOrPath);
  const path = isName ? join(BUILT_IN, `${nameOrPath}.yaml`) : nameOrPath;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw await cannotRead(nameOrPath, isName, error as NodeJS.ErrnoException);
  }
  if (isSuiteModule(path)) return readSuiteModule(path, known);
  return parseSuite(textOf(bytes, nameOrPath), isName ? `load/suites/${nameOrPath}.yaml` : nameOrPath, known);
}

/** Throws where the bytes are not those of a text: a parser would find a hundred mistakes in an image. */
function textOf(bytes: Buffer, asked: string): string {
  if (bytes.includes(0) || !isUtf8(bytes)) {
    throw new UsageError(`cannot read suite "${asked}": it is no text file; expected YAML in UTF-8, such as ./my.yaml`);
  }
  return bytes.toString("utf8");
}

async function cannotRead(asked: string, isName: boolean, { code, message }: NodeJS.ErrnoException): Promise<UsageError> {
  const names = await builtInSuites();
  const list = `built-in suites are ${names.join(", ")}; any other is the path of a file, such as ./my.yaml or ./my.ts`;
  if (isName && code === "ENOENT") {
    const near = nearest(asked, names);
    return new UsageError(`unknown suite "${asked}": ${list}${near === undefined ? "" : `; did you mean "${near}"?`}`);
  }
  const reason = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : message;
  return new UsageError(`cannot read suite "${asked}": ${reason}; ${list}`);
}

/** Names of the suites that come with pushbench. */
export async function builtInSuites(): Promise<string[]> {
  const files = await readdir(BUILT_IN);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/**
 * Checks and resolves a suite for a machine whose processes may have so many descriptors; `file` is the name its problems are shown under.
 * Throws {@link SuiteError}.
 */
export function parseSuite(text: string, file: string, known: readonly KnownServer[], descriptors = descriptorsPerProcess()): Suite {
  const source = readSource(text);
  if (source.data === undefined) throw new SuiteError(file, text, source.problems);
  const { suite, findings } = checkSuite(source.data, file, { known, descriptors });
  const problems = [...source.problems, ...findings.map((finding) => source.locate(finding))];
  if (problems.length > 0 || suite === undefined) throw new SuiteError(file, text, withoutRepeats(problems));
  return suite;
}

/** One scenario of these fields, written as in a suite, on one server. */
export function makeScenario(server: KnownServer, fields: Readonly<Record<string, unknown>>): Scenario {
  const suite = { name: "made", servers: [server.name], scenarios: [{ name: "made", ...fields }] };
  return parseSuite(JSON.stringify(suite), "made", [server]).scenarios[0]!;
}

/** A mistake in `defaults` or `matrix` shows in every scenario that inherits it. */
function withoutRepeats<T extends { line: number; column: number; message: string }>(problems: readonly T[]): T[] {
  return [...new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem])).values()];
}
