/** Suites from files: built-in ones by name, others by path. */
import { isUtf8 } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { descriptorsPerProcess } from "./machine/limits.ts";
import { nearest } from "./nearest.ts";
import { SuiteError } from "./suite-error.ts";
import { asRecord } from "./suite/as-written.ts";
import { checkEcho, checkResume, checkTopics } from "./suite/foreign.ts";
import { findingsOf } from "./suite/issues.ts";
import { expandScenario } from "./suite/scenarios.ts";
import { matrixSchema, scenarioSchema, suiteSchema, workloadSchema } from "./suite/schema.ts";
export { suiteJsonSchema } from "./suite/schema.ts";
import { checkBatch, checkServers } from "./suite/servers.ts";
import type { KnownServer } from "./suite/servers.ts";
export type { KnownServer } from "./suite/servers.ts";
import { readSource } from "./suite/source.ts";
import type { Finding, Path } from "./suite/source.ts";
import { present } from "./present.ts";
import type { RunningTarget, Scenario, Suite } from "./suite.ts";
import { UsageError } from "./usage-error.ts";

const BUILT_IN = fileURLToPath(new URL("./suites/", import.meta.url));

/** A suite by its built-in name (`quick`) or the path of its YAML file; throws {@link SuiteError} with all of its problems. */
export async function readSuite(nameOrPath: string, known: readonly KnownServer[]): Promise<Suite> {
  const isName = /^[A-Za-z0-9_-]+$/.test(nameOrPath);
  const path = isName ? join(BUILT_IN, `${nameOrPath}.yaml`) : nameOrPath;
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw await cannotRead(nameOrPath, isName, error as NodeJS.ErrnoException);
  }
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
  const list = `built-in suites are ${names.join(", ")}; any other is the path of a YAML file, such as ./my.yaml`;
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
  const form = suiteSchema.safeParse(source.data, { reportInput: true });
  const { scenarios, findings } = resolveScenarios(source.data, known, descriptors);
  const all: Finding[] = [
    ...(form.success ? [] : findingsOf(form.error.issues)),
    ...checkServers(source.data, known),
    ...findings,
    ...checkTopics(asRecord(source.data)["servers"], scenarios),
    ...checkEcho(asRecord(source.data)["servers"], scenarios),
    ...checkResume(asRecord(source.data)["servers"], scenarios),
    ...checkBatch(asRecord(source.data)["servers"], scenarios),
  ];
  const problems = [...source.problems, ...all.map((finding) => source.locate(finding))];
  if (problems.length > 0 || !form.success) throw new SuiteError(file, text, withoutRepeats(problems));
  const { name, description, servers, trials, seed, allow, climb, budget } = form.data;
  return {
    name,
    description,
    file,
    servers: servers === "all" ? known.map((server) => server.name) : (servers as (string | RunningTarget)[]),
    trials,
    seed,
    allow,
    ...present({ climb: climb === "payload" ? ("payloadBytes" as const) : climb, budgetMs: budget }),
    scenarios,
  };
}

/** One scenario of these fields, written as in a suite, on one server. */
export function makeScenario(server: KnownServer, fields: Readonly<Record<string, unknown>>): Scenario {
  const suite = { name: "made", servers: [server.name], scenarios: [{ name: "made", ...fields }] };
  return parseSuite(JSON.stringify(suite), "made", [server]).scenarios[0]!;
}

/** Every scenario that can be read, whatever is wrong elsewhere, so that contradictions show beside the schema's findings. */
function resolveScenarios(
  data: unknown,
  known: readonly KnownServer[],
  descriptors: number,
): { scenarios: Scenario[]; findings: Finding[] } {
  const at = (path: Path): unknown =>
    path.reduce<unknown>(
      (value, part) => (typeof value === "object" ? (value as Record<string, unknown> | null)?.[part] : undefined),
      data,
    );
  const defaults = workloadSchema.safeParse(at(["defaults"]) ?? {});
  const suiteMatrix = matrixSchema.safeParse(at(["matrix"]) ?? {});
  const listed = at(["scenarios"]);
  if (!defaults.success || !suiteMatrix.success || !Array.isArray(listed)) return { scenarios: [], findings: [] };
  const scenarios: Scenario[] = [];
  const findings: Finding[] = [];
  for (const index of listed.keys()) {
    const form = scenarioSchema.safeParse(listed[index]);
    if (!form.success) continue;
    const parts = {
      index,
      form: form.data,
      defaults: defaults.data,
      suiteMatrix: suiteMatrix.data,
      written: at,
      descriptors,
      transports: transportsOf(at(["servers"]), known),
    };
    const expanded = expandScenario(parts);
    const taken = expanded.scenarios.find(({ name }) => scenarios.some((earlier) => earlier.name === name));
    if (taken)
      findings.push({
        path: ["scenarios", index, "name"],
        message: `scenario "${taken.name}" exists already`,
        expected: "a name of its own",
      });
    scenarios.push(...expanded.scenarios);
    findings.push(...expanded.findings);
  }
  return { scenarios, findings };
}

/** Of the servers as they are written. */
function transportsOf(servers: unknown, known: readonly KnownServer[]): Set<string> {
  const named = Array.isArray(servers) ? servers : known.map(({ name }) => name);
  return new Set(
    named.flatMap((server: unknown) =>
      typeof server === "string"
        ? (known.find(({ name }) => name === server)?.transport ?? [])
        : ((server as RunningTarget | null)?.transport ?? []),
    ),
  );
}

/** A mistake in `defaults` or `matrix` shows in every scenario that inherits it. */
function withoutRepeats<T extends { line: number; column: number; message: string }>(problems: readonly T[]): T[] {
  return [...new Map(problems.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem])).values()];
}
