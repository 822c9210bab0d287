import { nearest } from "../load/nearest.ts";
import { builtInSuites, parseSuite, readSuite } from "../load/suite-file.ts";
import type { Scenario, Suite } from "../load/suite.ts";
import { UsageError } from "../load/usage-error.ts";
import type { CatalogEntry } from "../servers/catalog.ts";
import { chooseFromSuite } from "./suite-choice.ts";

export interface CapacityTarget {
  readonly suite: Suite;
  readonly scenario: Scenario;
  readonly servers: Suite["servers"];
}

/** The workload of servers that are named without one: short windows, for a search has some twenty trials. */
const WORKLOAD = {
  name: "broadcast",
  subscribers: 100,
  rate: "20/s",
  payload: "128B",
  settle: "500ms",
  warmup: "2s",
  duration: "6s",
  drain: "5s",
  connectRate: "5k/s",
  pollInterval: "1s",
} as const;

/** What is to be searched: one scenario on the servers named, or on those of a suite. Throws {@link UsageError} where that is not clear. */
export async function chooseCapacityTarget(
  targets: readonly string[],
  { scenario: asked, server }: { readonly scenario?: string; readonly server?: readonly string[] },
  catalog: readonly CatalogEntry[],
): Promise<CapacityTarget> {
  const names = catalog.map(({ name }) => name);
  const isServer = (word: string): boolean => word === "all" || names.includes(word);
  if (targets.every(isServer)) {
    const servers = targets.includes("all") ? "all" : [...new Set(targets)];
    const text = JSON.stringify({
      name: `capacity-${folderName(targets)}`,
      description: "made of the command line",
      servers,
      scenarios: [WORKLOAD],
    });
    const suite = parseSuite(text, "the command line", catalog);
    if (asked !== undefined || server !== undefined)
      throw new UsageError("--scenario and --server choose from a suite: leave them out beside the names of servers");
    return { suite, scenario: suite.scenarios[0]!, servers: suite.servers };
  }
  const [name, extra] = targets;
  const wrong = targets.find((word) => !isServer(word))!;
  const near = nearest(wrong, [...names, ...(await builtInSuites())]);
  if (extra !== undefined) {
    throw new UsageError(
      `unknown server "${wrong}": expected some of ${names.join(", ")}, or all, or one suite alone${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  }
  if (/^[A-Za-z0-9_-]+$/.test(wrong) && !(await builtInSuites()).includes(wrong)) {
    throw new UsageError(
      `unknown server or suite "${wrong}": expected one of ${names.join(", ")}, or all; a built-in suite (${(await builtInSuites()).join(", ")}), or the path of a YAML, TypeScript or JavaScript file${near === undefined ? "" : `; did you mean "${near}"?`}`,
    );
  }
  const suite = chooseFromSuite(await readSuite(name!, catalog), server === undefined ? {} : { server }, catalog);
  return { suite, scenario: chooseScenario(suite, asked), servers: suite.servers };
}

function chooseScenario({ file, scenarios }: Suite, asked: string | undefined): Scenario {
  const names = scenarios.map(({ name }) => name);
  const chosen = asked === undefined && scenarios.length === 1 ? scenarios[0] : scenarios.find(({ name }) => name === asked);
  if (chosen !== undefined) return chosen;
  const what = asked === undefined ? `${file} has ${names.length} scenarios, and a search takes one` : `${file} has no scenario "${asked}"`;
  throw new UsageError(`${what}: choose with --scenario one of ${names.slice(0, 20).join(", ")}`);
}

/** What of the targets a folder is named for. */
export function folderName(targets: readonly string[]): string {
  const words = targets.map((target) => target.replace(/^.*\//, "").replace(/\.(ya?ml|[cm]?[jt]s)$/, ""));
  return words.length > 2 ? `${words[0]!}-and-${words.length - 1}-more` : words.join("-and-");
}
