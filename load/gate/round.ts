/** A round of a gate: both versions started afresh, loaded side by side, and what either came to. */
import { GATE_SCHEMA_VERSION } from "../gate-record.ts";
import type { GateArm, GateCell, GateRound, VersionName } from "../gate-record.ts";
import type { Measurement } from "../measurement.ts";
import { present } from "../present.ts";
import { seededRandom } from "../random.ts";
import type { RunningTarget } from "../suite.ts";
import type { ServerProgram } from "../target.ts";
import { runTrial } from "../trial.ts";
import { createMeeting } from "./meeting.ts";
import { sliceOf, turnsOf } from "./turns.ts";

/** What is started as one version of a server: a program that speaks the contract, or a target with its own command. */
export interface Startable {
  readonly server: string | RunningTarget;
  readonly program?: ServerProgram;
}

export interface RoundPlan extends Pick<GateRound, "index" | "pass" | "round" | "seed" | "mode"> {
  readonly cell: GateCell;
  readonly versions: Readonly<Record<VersionName, Startable>>;
}

/** Which version a round begins with: by chance, as its seed has it. */
export function firstOf(seed: number): VersionName {
  return seededRandom(seed)() < 0.5 ? "base" : "head";
}

/** Makes one round; whatever goes wrong with a version is in its arm. Throws only on a defect of its own. */
export async function runRound({ cell, versions, ...plan }: RoundPlan, signal: AbortSignal): Promise<GateRound> {
  const first = firstOf(plan.seed);
  const startedAt = new Date();
  const scenarios = turnsOf(cell.scenario, plan.mode, first);
  const meeting = createMeeting(2);
  const broken = new AbortController();
  const load = async (version: VersionName): Promise<Measurement> => {
    const { server, program } = versions[version];
    const measurement = await runTrial(
      {
        index: 2 * plan.index - (version === first ? 1 : 0),
        repetition: plan.round,
        server,
        transport: cell.transport,
        scenario: scenarios[version],
        seed: plan.seed,
      },
      {
        signal: AbortSignal.any([signal, broken.signal]),
        ...present({ program }),
        meet: meeting.arrive,
        stepsOf: "server",
        onPhase() {},
        onSecond() {},
      },
    );
    // Nobody measures a version alone.
    if (measurement.status !== "complete") {
      broken.abort();
      meeting.giveUp();
    }
    return measurement;
  };
  // What is called first is started first.
  const one = load(first);
  const other = load(first === "base" ? "head" : "base");
  const [base, head] = await Promise.all(first === "base" ? [one, other] : [other, one]);
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    ...plan,
    server: cell.server,
    scenario: cell.scenario.name,
    first,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ...present({ neighbourCores: neighbourCores(base, head) }),
    arms: { base: armOf(base), head: armOf(head) },
  };
}

/** To either version the other, with its generator, is a neighbour too. */
function neighbourCores({ metrics: base }: Measurement, { metrics: head }: Measurement): number | undefined {
  const foreign = base["host_foreign_cpu"];
  const other = head["server_cpu_cores"];
  const generator = head["generator_cpu_cores"];
  if (foreign === undefined || other === undefined || generator === undefined) return undefined;
  return Math.max(0, foreign - other - generator);
}

/**
 * What half a second tells. Counts, bytes and requests are exact over the whole round, and would only be cut up; and so would CPU time: a
 * server collects its garbage and answers the last poll in the turns in which it is not loaded.
 */
const OF_A_SLICE = /^(delivery|population)_latency_ms\.\w+$/;

function armOf({ status, failure, metrics, phases = [], ledger, validity }: Measurement): GateArm {
  const slices: Readonly<Record<string, number>>[] = [];
  for (const phase of phases) {
    const at = sliceOf(phase.name);
    if (at === undefined) continue;
    slices[at] = Object.fromEntries(Object.entries(phase.metrics).filter(([name]) => OF_A_SLICE.test(name)));
  }
  return {
    status,
    ...present({ failure }),
    metrics,
    slices,
    ledger: ledger.whole,
    reasons: validity.reasons.filter(({ code }) => !EXPLAINED.has(code)),
  };
}

/** The other version's processes are nobody's neighbours: what each of them sees of the other is no reason to doubt it. */
const EXPLAINED: ReadonlySet<string> = new Set(["foreign_load"]);
