import { nearest } from "../load/nearest.ts";
import type { KnownServer } from "../load/suite-file.ts";
import { serverName } from "../load/suite.ts";
import type { Suite } from "../load/suite.ts";
import { UsageError } from "../load/usage-error.ts";

/** What the command line sets over the suite. */
export interface SuiteChoice {
  readonly server?: readonly string[];
  readonly trials?: number;
  readonly seed?: number;
}

/** The suite with what was chosen on the command line; `server` may name servers that the suite does not. */
export function chooseFromSuite(suite: Suite, { server, trials, seed }: SuiteChoice, known: readonly KnownServer[]): Suite {
  const servers = server === undefined ? suite.servers : [...new Set(server)].map((name) => find(name, suite, known));
  return { ...suite, servers, trials: trials ?? suite.trials, seed: seed ?? suite.seed };
}

function find(name: string, suite: Suite, known: readonly KnownServer[]): Suite["servers"][number] {
  const own = suite.servers.find((entry) => serverName(entry) === name);
  if (own !== undefined) return own;
  if (known.some((server) => server.name === name)) return name;
  const names = [...new Set([...suite.servers.map(serverName), ...known.map((server) => server.name)])];
  const near = nearest(name, names);
  throw new UsageError(
    `unknown server "${name}": expected one of ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}
