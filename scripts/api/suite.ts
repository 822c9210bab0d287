/** Suites as a program names them: by name, by path, or as a value. */
import { resolveSuite } from "../../load/defined-suite.ts";
import type { SuiteDefinition } from "../../load/defined-suite.ts";
import { readSuite as readSuiteFile } from "../../load/suite-file.ts";
import type { Suite } from "../../load/suite.ts";
import { UsageError } from "../../load/usage-error.ts";
import { loadCatalog } from "../../servers/catalog.ts";
import { chooseFromSuite } from "../suite-choice.ts";

/** Name of a built-in suite, path of a file (YAML, JavaScript, TypeScript), what `defineSuite` takes, or what `readSuite` gave. */
export type SuiteSource = string | SuiteDefinition | Suite;

/** What is set over a suite. */
export interface SuiteOverrides {
  /** These servers alone, or others that `pushbench list` shows. */
  readonly servers?: readonly string[];
  /** Of each cell, 1 to 1000. */
  readonly trials?: number;
  /** Of order and chance, 0 to 4294967295. */
  readonly seed?: number;
}

/** A suite with every default filled in and its matrix multiplied out; throws `SuiteError` with all that is wrong, `UsageError` where there is none. */
export async function readSuite(source: SuiteSource): Promise<Suite> {
  return chooseSuite(source, {});
}

/** {@link readSuite} with what was chosen; throws `UsageError` where that is out of range or no such server. */
export async function chooseSuite(source: SuiteSource, { servers, trials, seed }: SuiteOverrides): Promise<Suite> {
  mustBeWhole("trials", trials, 1, 1000);
  mustBeWhole("seed", seed, 0, 0xffff_ffff);
  if (servers !== undefined && (!Array.isArray(servers) || servers.length === 0)) {
    throw new UsageError("servers: expected a list of at least one name; leave it out for those of the suite");
  }
  const catalog = await loadCatalog();
  const suite =
    typeof source === "string" ? await readSuiteFile(source, catalog) : isResolved(source) ? source : resolveSuite(source, catalog);
  const choice = {
    ...(servers === undefined ? {} : { server: servers }),
    ...(trials === undefined ? {} : { trials }),
    ...(seed === undefined ? {} : { seed }),
  };
  return chooseFromSuite(suite, choice, catalog);
}

/** Throws `UsageError` where `value` is given and no whole number from `min` to `max`. */
export function mustBeWhole(name: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new UsageError(`${name}: expected a whole number from ${min} to ${max}, not ${JSON.stringify(value) ?? String(value)}`);
}

/** A suite as written has no file, and its scenarios have no quantities in ms. */
function isResolved(suite: SuiteDefinition | Suite): suite is Suite {
  const { file, scenarios } = suite as Partial<Suite>;
  return typeof file === "string" && Array.isArray(scenarios) && scenarios.every((scenario) => typeof scenario?.durationMs === "number");
}
