/** From the scenarios as written to those that run: defaults filled in, the matrix multiplied out, contradictions found. */
import { present } from "../present.ts";
import { burstOf, contradictions, contradictoryThresholds, topicsOf } from "./contradictions.ts";
import type { PlacedThreshold, Workload } from "./contradictions.ts";
import { instancesFor } from "../layout.ts";
import { checkPhaseFields, checkPhasesOfThresholds, loadOf, resolvePhases, withoutReplaced } from "./phases.ts";
import type { Scenario } from "../suite.ts";
import type { MatrixForm, ScenarioForm, WorkloadForm } from "./schema.ts";
import type { Finding, Path } from "./source.ts";

/**
 * What a field is where a suite says nothing. `topics` follows from the pattern and has to be given for `topics`; `burst` for bursts;
 * `instances` from the descriptors that a process may have.
 */
export const WORKLOAD_DEFAULTS: Workload = {
  pattern: "broadcast",
  subscribers: 100,
  popularity: "even",
  rate: 50,
  arrivals: "fixed",
  payload: 128,
  settle: 500,
  warmup: 5000,
  duration: 10_000,
  drain: 5000,
  connectRate: 1000,
  steps: 1,
  reconnect: "none",
  reconnectDelay: 1000,
  pollInterval: 100,
  client: "lean",
  connection: "keep-alive",
  streams: 100,
  frames: "text",
  compression: false,
  heartbeat: 15_000,
  history: 1024,
  backpressure: 1024 * 1024,
  batch: 0,
  tls: false,
};

/** More than anyone waits for; a matrix that passes it is a slip of the pen. */
const MAX_SCENARIOS = 1000;

/** The parts of a suite that bear on one scenario, parsed, with the text they were written in. */
export interface ScenarioParts {
  readonly index: number;
  readonly form: ScenarioForm;
  readonly defaults: WorkloadForm;
  readonly suiteMatrix: MatrixForm;
  /** The value as written at a path of the suite. */
  written(path: Path): unknown;
  /** That a process may have. */
  readonly descriptors: number;
  /** Of the suite's servers. */
  readonly transports: ReadonlySet<string>;
}

/** Every combination of the matrix as a scenario of its own, named `broadcast,subscribers=1k`, and what is contradictory in them. */
export function expandScenario(parts: ScenarioParts): { readonly scenarios: readonly Scenario[]; readonly findings: readonly Finding[] } {
  const { form, index, suiteMatrix, defaults } = parts;
  const own: Path = ["scenarios", index];
  const axes = [...axesOf(suiteMatrix, ["matrix"]), ...axesOf(form.matrix ?? {}, [...own, "matrix"])];
  const conflicts = axes.flatMap(({ field, path }, at): Finding[] => {
    const twice = axes.findIndex((axis) => axis.field === field) < at;
    if (!twice && form[field] === undefined) return [];
    const where = twice ? "the suite's matrix" : `scenario "${form.name}"`;
    return [{ path, atKey: true, message: `matrix varies ${field}, which ${where} sets too`, expected: "one of the two" }];
  });
  const size = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (size > MAX_SCENARIOS) {
    const message = `the matrix makes ${size} scenarios of "${form.name}"`;
    return {
      scenarios: [],
      findings: [...conflicts, { path: axes.at(-1)!.path, atKey: true, message, expected: `${MAX_SCENARIOS} at most` }],
    };
  }
  if (conflicts.length > 0) return { scenarios: [], findings: conflicts };

  const written = (form.thresholds ?? []).map((threshold, at) => placeThreshold(threshold, at));
  const held = new Set<PlacedThreshold>();
  const findings: Finding[] = [...checkPhaseFields(parts, axes)];
  const layers = [withoutReplaced(defaults, form), form] as const;
  const scenarios = combinations(axes).map((chosen): Scenario => {
    const varied = Object.fromEntries(chosen.map(({ axis, at }) => [axis.field, axis.values[at]])) as WorkloadForm;
    const workload = fillIn(...layers, varied);
    const place = (field: keyof WorkloadForm): Path => {
      const choice = chosen.find(({ axis }) => axis.field === field);
      if (choice) return [...choice.axis.path, choice.at];
      if (form[field] !== undefined) return [...own, field];
      return defaults[field] === undefined ? [...own, "name"] : ["defaults", field];
    };
    const phases = workload.phases && resolvePhases(workload.phases, workload.rate);
    const load = loadOf(workload, phases);
    const thresholds = written.filter(({ where }) => isOf(where, workload));
    for (const threshold of thresholds) held.add(threshold);
    findings.push(
      ...contradictions({ ...workload, ...load }, place, parts.transports),
      ...contradictoryThresholds(thresholds, own),
      ...checkPhasesOfThresholds(thresholds, own, phases),
    );
    const parameters = Object.fromEntries(
      chosen.map(({ axis, at }) => [axis.field, parameter(axis.field, axis.values[at], parts.written([...axis.path, at]))]),
    );
    const suffix = Object.entries(parameters).map(([field, value]) => `,${field}=${value}`);
    return {
      name: form.name + suffix.join(""),
      pattern: workload.pattern,
      subscribers: workload.subscribers,
      topics: topicsOf(workload),
      popularity: workload.popularity,
      rate: load.rate,
      ...(phases === undefined ? {} : { phases }),
      arrivals: workload.arrivals,
      burst: burstOf(workload),
      payloadBytes: workload.payload,
      settleMs: workload.settle,
      warmupMs: workload.warmup,
      durationMs: load.duration,
      drainMs: workload.drain,
      connectRate: workload.connectRate,
      steps: workload.steps,
      reconnect: workload.reconnect,
      reconnectDelayMs: workload.reconnectDelay,
      pollIntervalMs: workload.pollInterval,
      client: workload.client,
      connection: workload.connection,
      streams: workload.streams,
      frames: workload.frames,
      compression: workload.compression,
      heartbeatMs: workload.heartbeat,
      historyMessages: workload.history,
      backpressureBytes: workload.backpressure,
      batchMs: workload.batch,
      tls: workload.tls,
      instances: workload.instances ?? instancesFor(workload.subscribers, workload.pattern, parts.descriptors),
      thresholds: thresholds.map(({ threshold }) => threshold),
      parameters,
    };
  });
  // A limit that holds for nothing would seem to be kept.
  const idle = written.filter((threshold) => !held.has(threshold));
  return { scenarios, findings: [...findings, ...idle.map(({ at }) => holdsNowhere(form.name, at, own))] };
}

function holdsNowhere(scenario: string, at: number, own: Path): Finding {
  return {
    path: [...own, "thresholds", at, "where"],
    message: `no scenario that "${scenario}" makes is like this: the threshold would hold for none`,
    expected: "values that the scenario has, or that its matrix takes",
  };
}

/** Of the fields that `where` names each is as it says. */
function isOf(where: WorkloadForm, workload: Workload): boolean {
  return Object.entries(where).every(([field, value]) => value === undefined || workload[field as keyof Workload] === value);
}

interface Axis {
  readonly field: keyof WorkloadForm;
  readonly values: readonly (string | number | boolean)[];
  readonly path: Path;
}

function axesOf(matrix: MatrixForm, path: Path): Axis[] {
  return Object.entries(matrix).flatMap(([field, values]) =>
    values === undefined ? [] : [{ field: field as keyof WorkloadForm, values, path: [...path, field] }],
  );
}

function combinations(axes: readonly Axis[]): { readonly axis: Axis; readonly at: number }[][] {
  return axes.reduce<{ readonly axis: Axis; readonly at: number }[][]>(
    (rows, axis) => rows.flatMap((row) => axis.values.map((_, at) => [...row, { axis, at }])),
    [[]],
  );
}

/** Counts and rates as numbers; what has a unit as it was written (`64KiB`), for so it is recognised. */
function parameter(field: keyof WorkloadForm, value: unknown, written: unknown): string | number | boolean {
  if (typeof value === "boolean") return value;
  const hasUnit = typeof written === "string" && field !== "rate" && field !== "connectRate";
  return hasUnit && !/^\d+$/.test(written) ? written.replaceAll(/\s/g, "") : (value as string | number);
}

/** Later layers win; what none of them has is the default. */
function fillIn(...layers: readonly WorkloadForm[]): Workload {
  const given = layers.map((layer) => Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)));
  return Object.assign({ ...WORKLOAD_DEFAULTS }, ...given) as Workload;
}

function placeThreshold(form: NonNullable<ScenarioForm["thresholds"]>[number], at: number): PlacedThreshold {
  if (!("check" in form)) return { at, where: {}, threshold: { ...form, level: "error" } };
  const { check, level, phase, servers, where = {} } = form;
  return { at, where, threshold: { ...check, level, ...present({ phase, servers }) } };
}
