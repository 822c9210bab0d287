/** A suite's data, checked and resolved: every mistake at once, or the suite that runs. */
import { present } from "../present.ts";
import type { RunningTarget, Scenario, Suite } from "../suite.ts";
import { asRecord } from "./as-written.ts";
import { checkEcho, checkResume, checkTopics } from "./foreign.ts";
import { findingsOf } from "./issues.ts";
import { expandScenario } from "./scenarios.ts";
import { matrixSchema, scenarioSchema, suiteSchema, workloadSchema } from "./schema.ts";
import { checkBatch, checkServers } from "./servers.ts";
import type { KnownServer } from "./servers.ts";
import type { Finding, Path } from "./source.ts";

/** What a suite is checked against. */
export interface Surroundings {
  readonly known: readonly KnownServer[];
  /** What a target of the user's own may speak; those of the known servers where nothing is said. */
  readonly transports?: readonly string[];
  /** That a process may have. */
  readonly descriptors: number;
}

export interface CheckedSuite {
  /** Absent where the data has not the form of a suite; where there are findings it is not fit to run. */
  readonly suite?: Suite;
  readonly findings: readonly Finding[];
}

/** Checks plain data as it was written; `file` is what the suite says that it is from. */
export function checkSuite(data: unknown, file: string, { known, transports, descriptors }: Surroundings): CheckedSuite {
  const form = suiteSchema.safeParse(data, { reportInput: true });
  const { scenarios, findings } = resolveScenarios(data, known, descriptors);
  const written = asRecord(data)["servers"];
  const all: Finding[] = [
    ...(form.success ? [] : findingsOf(form.error.issues)),
    ...checkServers(data, known, transports ?? [...new Set(known.flatMap(({ transport }) => transport ?? []))].sort()),
    ...findings,
    ...checkTopics(written, scenarios),
    ...checkEcho(written, scenarios),
    ...checkResume(written, scenarios),
    ...checkBatch(written, scenarios),
  ];
  if (!form.success) return { findings: all };
  const { name, description, servers, trials, seed, allow, climb, budget, textbook } = form.data;
  const suite: Suite = {
    name,
    description,
    file,
    servers: servers === "all" ? known.map((server) => server.name) : (servers as (string | RunningTarget)[]),
    trials,
    seed,
    allow,
    ...present({
      climb: climb === "payload" ? ("payloadBytes" as const) : climb,
      budgetMs: budget,
      textbook: textbook ? (true as const) : undefined,
    }),
    scenarios,
  };
  return { suite, findings: all };
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
