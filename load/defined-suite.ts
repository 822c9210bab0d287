/** Suites that a program makes: typed by the schema of the file, and checked as a file is. */
import { readdirSync } from "node:fs";
import { serverNames } from "../servers/catalog.ts";
import { descriptorsPerProcess } from "./machine/limits.ts";
import { SuiteError } from "./suite-error.ts";
import type { ValueProblem } from "./suite-error.ts";
import { checkSuite } from "./suite/check.ts";
import type { Surroundings } from "./suite/check.ts";
import { plainCopy } from "./suite/plain-copy.ts";
import type { WrittenSuite } from "./suite/schema.ts";
import type { KnownServer } from "./suite/servers.ts";
import { pathText, problemOf } from "./suite/value-problem.ts";
import type { Suite } from "./suite.ts";

type ReadonlyDeep<T> = T extends object ? { readonly [K in keyof T]: ReadonlyDeep<T[K]> } : T;

/** A suite as it is written, with quantities such as `"10s"` and what has a default left out; the same fields as in YAML. */
export type SuiteDefinition = ReadonlyDeep<WrittenSuite>;

/** What a suite is called that was given as a value. */
const PROGRAM = "the suite";

/**
 * Checks a suite and gives it back as it was. Throws {@link SuiteError} with all that is wrong with it, but for what only the transports of
 * reference servers tell (a history too short for a poll), which is checked once more as the suite is read or run.
 */
export function defineSuite(suite: SuiteDefinition): SuiteDefinition {
  checkValue(suite, PROGRAM, {
    known: serverNames().map((name) => ({ name })),
    transports: transportNames(),
    descriptors: descriptorsPerProcess(),
  });
  return suite;
}

/** Resolves a suite that was given as a value; `file` is what its problems are shown under. Throws {@link SuiteError}. */
export function resolveSuite(value: unknown, known: readonly KnownServer[], file: string = PROGRAM): Suite {
  return checkValue(value, file, { known, descriptors: descriptorsPerProcess() });
}

function checkValue(value: unknown, file: string, surroundings: Surroundings): Suite {
  const { data, findings: unfit } = plainCopy(value);
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    const kind = data === null ? "null" : Array.isArray(data) ? "a list" : `a ${typeof data}`;
    const nothing = [{ path: [], message: `a suite cannot be ${kind}`, expected: "a map with name, servers and scenarios" }];
    throw new SuiteError(file, "", (unfit.length > 0 ? unfit : nothing).map(problemOf));
  }
  const { suite, findings } = checkSuite(data, file, surroundings);
  // What the copy left out is said once, and not missed as well.
  const left = findings.filter(({ path }) => !unfit.some((refused) => pathText(refused.path) === pathText(path)));
  const problems = [...unfit, ...left].map(problemOf);
  if (problems.length > 0 || suite === undefined) throw new SuiteError(file, "", withoutRepeats(problems));
  return suite;
}

/** A mistake in `defaults` or `matrix` shows in every scenario that inherits it. */
function withoutRepeats(problems: readonly ValueProblem[]): ValueProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values()];
}

/** "A file in transports/ is a transport; its name is the file's name." */
function transportNames(): string[] {
  return readdirSync(new URL("./transports/", import.meta.url)).flatMap((file) => /^([a-z0-9-]+)\.[jt]s$/.exec(file)?.[1] ?? []);
}
