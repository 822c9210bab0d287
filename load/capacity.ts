/**
 * A capacity search as a run: one server after another, each trial of a level on a fresh server, saved as it ends in the folder of a run,
 * with what the search makes of them in `capacity.json` beside them.
 */
import { loadCatalog } from "../servers/catalog.ts";
import type { CatalogEntry } from "../servers/catalog.ts";
import type { CapacityPoint, CapacityQuestion, CapacityRecord, ServerCapacity } from "./capacity-record.ts";
import { checkVaried, rangeOf } from "./capacity/level.ts";
import { searchServer } from "./capacity/server-search.ts";
import type { SearchedServer } from "./capacity/server-search.ts";
import { ensureBuilt } from "./compiled.ts";
import { readEnvironment } from "./environment.ts";
import { SCHEMA_VERSION } from "./measurement.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import { serversHere } from "./plan.ts";
import type { TrialPlan } from "./plan.ts";
import { listTrialFiles, readCapacity, readRecord, saveCapacity, saveRecord } from "./results.ts";
import type { SavedRun } from "./results.ts";
import { lockRun } from "./run-lock.ts";
import { describePlan, runWatched } from "./run.ts";
import type { PlannedTrial, Watch } from "./run.ts";
import { goneOnWith, readWhole } from "./stopped-run.ts";
import { serverName } from "./suite.ts";
import type { Scenario, Suite } from "./suite.ts";
import { loadTransport } from "./transport.ts";
import { UsageError } from "./usage-error.ts";

export { DEFAULT_SLO, parseSlo } from "./capacity/slo.ts";
export { roundLevel } from "./capacity/level.ts";

export interface CapacityWatch extends Watch {
  /** Told of each trial that was judged, with the search as it stands then. */
  onPoint(point: CapacityPoint, soFar: ServerCapacity): void;
}

export interface CapacityOptions {
  readonly question: CapacityQuestion;
  /** Empty or absent folder. */
  readonly directory: string;
  /** The command as typed, for the record. */
  readonly command: string;
  /** Name and description of what is searched, its seed and the hosts it may load. */
  readonly suite: Pick<Suite, "name" | "description" | "file" | "seed" | "allow">;
}

export interface CapacityResult extends SavedRun {
  readonly capacity: CapacityRecord;
}

/** Searches server after server. A level that fails is data; this throws `UsageError` where no level can work, and where results cannot be saved. */
export async function searchCapacity(
  { question, directory, command, suite }: CapacityOptions,
  watch: CapacityWatch,
): Promise<CapacityResult> {
  checkVaried(question.scenario, question.vary);
  const record: RunRecord = {
    schemaVersion: SCHEMA_VERSION,
    status: "partial",
    command,
    suite: { ...suite, servers: question.servers, trials: 1, scenarios: [question.scenario] },
    seed: suite.seed,
    startedAt: new Date().toISOString(),
    plannedTrials: 0,
    unavailable: [],
    environment: await readEnvironment(process.cwd()),
  };
  return search({ directory, record, capacity: { schemaVersion: SCHEMA_VERSION, question, servers: [] }, measurements: [] }, watch);
}

/**
 * Reads a search back, with every trial of it that was not interrupted; a trial whose file is damaged is missing, and is made again. Throws
 * {@link UsageError} where the folder holds none.
 */
export async function readStoppedCapacity(directory: string): Promise<CapacityResult> {
  const record = await readRecord(directory);
  const capacity = await readCapacity(directory);
  if (capacity === undefined) {
    throw new UsageError(`${directory} holds no capacity search but a run: go on with it by run --resume ${directory}`);
  }
  const files = await listTrialFiles(directory);
  const found = await Promise.all(files.map((name) => readWhole(directory, name)));
  const measurements = found.filter((each): each is Measurement => each !== undefined && each.failure?.kind !== "interrupted");
  return { directory, record, capacity, measurements: measurements.toSorted((a, b) => a.trial.index - b.trial.index) };
}

/** Goes on where the trials that were saved lead to. Throws as {@link searchCapacity} does. */
export async function resumeCapacity(stopped: CapacityResult, watch: CapacityWatch): Promise<CapacityResult> {
  return search({ ...stopped, record: await goneOnWith(stopped.record, stopped.measurements.length) }, watch);
}

async function search(
  { directory, record: begun, capacity: asked, measurements: kept }: CapacityResult,
  watch: CapacityWatch,
): Promise<CapacityResult> {
  await ensureBuilt();
  const { question } = asked;
  const { targets, unavailable } = await targetsOf(question, await loadCatalog());
  // What cannot work on the last server is said before the first one is searched.
  for (const { transport, startedHere } of targets) rangeOf(question, transport, startedHere);
  const unlock = await lockRun(directory);
  try {
    const measurements = [...kept];
    const servers: ServerCapacity[] = [];
    const recordNow = (status: RunRecord["status"]): RunRecord => ({
      ...begun,
      status,
      unavailable,
      plannedTrials: measurements.length,
      suite: { ...begun.suite, scenarios: measurements.length === 0 ? begun.suite.scenarios : levelsTried(measurements) },
    });
    const save = async (current?: ServerCapacity): Promise<CapacityRecord> => {
      const capacity = { ...asked, servers: current === undefined ? [...servers] : [...servers, current] };
      await saveRecord(directory, recordNow("partial"));
      await saveCapacity(directory, capacity);
      return capacity;
    };
    const resumed = kept.map(({ trial }) => trial.index);
    const changes = begun.resumed?.at(-1)?.changes ?? [];
    watch.onEvent({ kind: "planned", trials: kept.map(describeTrial), kept: resumed, unavailable, changes, outlook: { misfits: [] } });
    await save();

    for (const target of targets) {
      if (watch.signal.aborted) break;
      const own = kept.filter(({ trial }) => trial.server === target.server);
      const found = await searchServer(question, target, own, {
        signal: watch.signal,
        async trial(scenario, repetition, left) {
          const index = (measurements.at(-1)?.trial.index ?? 0) + 1;
          const plan: TrialPlan = {
            index,
            repetition,
            server: target.named,
            transport: target.transport,
            scenario,
            seed: begun.seed + index - 1,
          };
          watch.onEvent({ kind: "replanned", trials: [...measurements.map(describeTrial), ...expectedTrials(plan, left)] });
          const measurement = await runWatched(plan, directory, watch);
          measurements.push(measurement);
          return measurement;
        },
        async judged(point, soFar) {
          await save(soFar);
          watch.onPoint(point, soFar);
        },
      });
      servers.push(found);
    }

    const capacity = await save();
    const record = { ...recordNow(statusOf(servers, targets.length)), endedAt: new Date().toISOString() };
    await saveRecord(directory, record);
    return { directory, record, measurements, capacity };
  } finally {
    await unlock();
  }
}

interface Searched extends SearchedServer {
  readonly named: TrialPlan["server"];
}

/** The servers that run here, in the order in which they were named. */
async function targetsOf(
  { servers, scenario }: CapacityQuestion,
  catalog: readonly CatalogEntry[],
): Promise<{ readonly targets: readonly Searched[]; readonly unavailable: RunRecord["unavailable"] }> {
  const { servers: found, unavailable } = serversHere(servers, catalog);
  const targets = await Promise.all(
    found.map(async ({ server: named, transport }): Promise<Searched> => {
      const { capabilities } = await loadTransport(transport, scenario.client);
      return { named, server: serverName(named), transport, polls: capabilities.polls, startedHere: typeof named === "string" };
    }),
  );
  return { targets, unavailable };
}

/** This one, and those that will follow, of which nothing is known but their number. */
function expectedTrials(plan: TrialPlan, left: number): PlannedTrial[] {
  return Array.from({ length: left }, (_, ahead) => ({ ...describePlan(plan), index: plan.index + ahead }));
}

function describeTrial({ trial: { index, repetition, server, transport }, scenario }: Measurement): PlannedTrial {
  return describePlan({ index, repetition, server, transport, scenario });
}

/** In the order of their first trials. */
function levelsTried(measurements: readonly Measurement[]): Scenario[] {
  return [...new Map(measurements.map(({ scenario }) => [scenario.name, scenario])).values()];
}

function statusOf(servers: readonly ServerCapacity[], planned: number): RunRecord["status"] {
  // Nothing could be searched at all: that is no success.
  if (planned === 0) return "failed";
  if (servers.length < planned || servers.some(({ answer }) => answer.end === "interrupted")) return "partial";
  return servers.some(({ answer }) => answer.end === "failed") ? "failed" : "complete";
}
