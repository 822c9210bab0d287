/** The search on one server: asks for a level, has it tried, judges what came of it, until there is an answer. */
import type { CapacityPoint, CapacityQuestion, CapacityRange, ServerCapacity } from "../capacity-record.ts";
import type { Measurement } from "../measurement.ts";
import { present } from "../present.ts";
import { expectedTrialMs } from "../suite-time.ts";
import type { Scenario } from "../suite.ts";
import { judgeTrial } from "./judge.ts";
import { rangeOf, roundLevel, scenarioAt, stepOf } from "./level.ts";
import { nextStep } from "./search.ts";
import type { Decision, SearchLimits, SearchRange } from "./search.ts";
import { forPoller } from "./slo.ts";

export interface SearchedServer {
  readonly server: string;
  readonly transport: string;
  /** It asks at an interval, which is no latency of the server's. */
  readonly polls: boolean;
  /** It is started here, so that this machine's limits are its own. */
  readonly startedHere: boolean;
}

export interface SearchEffects {
  readonly signal: AbortSignal;
  /** Makes a trial of this scenario; `repetition` counts those of its level, from 1, `left` all that are still to come, about. */
  trial(scenario: Scenario, repetition: number, left: number): Promise<Measurement>;
  /** Told of each trial that was judged, with the search as it stands then. */
  judged(point: CapacityPoint, soFar: ServerCapacity): Promise<void> | void;
}

/** Searches on from the trials that were `kept`, none of them interrupted; throws `UsageError` where its levels cannot work. */
export async function searchServer(
  question: CapacityQuestion,
  { server, transport, polls, startedHere }: SearchedServer,
  kept: readonly Measurement[],
  { signal, trial, judged }: SearchEffects,
): Promise<ServerCapacity> {
  const { vary, scenario } = question;
  const slo = polls ? forPoller(question.slo, scenario.pollIntervalMs) : question.slo;
  const range = rangeOf(question, transport, startedHere);
  const levels: SearchRange = { ...range, round: (level) => roundLevel(vary, level) };
  const limits: SearchLimits = {
    maxMs: question.maxMs,
    maxSteps: question.maxSteps,
    expectedMs: (step) => expectedTrialMs(scenarioAt(question, step)),
  };
  const pointOf = (measurement: Measurement): CapacityPoint => {
    const { trial: identity, metrics, scenario: tried } = measurement;
    return {
      trial: identity.index,
      ...stepOf(tried, vary),
      ...judgeTrial(measurement, slo),
      tookMs: identity.durationMs,
      ...present({ p50: metrics["delivery_latency_ms.p50"], p99: metrics["delivery_latency_ms.p99"] }),
    };
  };
  // What could not be judged has no say in where a search goes on: it is tried again.
  const points = kept.map(pointOf).filter(({ verdict }) => verdict !== "failed" && verdict !== "noise");
  const state = (decision: Decision): ServerCapacity => stateOf({ server, transport, slo, range }, points, decision);
  for (;;) {
    const decision = nextStep(levels, limits, points);
    if (decision.done || signal.aborted) return state(decision);
    const { step, left } = decision;
    const earlier = points.filter(({ level, confirm }) => level === step.level && confirm === step.confirm).length;
    const measurement = await trial(scenarioAt(question, step), earlier + 1, left);
    if (measurement.failure?.kind === "interrupted") return state(decision);
    const point = pointOf(measurement);
    points.push(point);
    await judged(point, state(nextStep(levels, limits, points)));
  }
}

function stateOf(
  head: Pick<ServerCapacity, "server" | "transport" | "slo"> & { readonly range: CapacityRange },
  points: readonly CapacityPoint[],
  decision: Decision,
): ServerCapacity {
  const answer = decision.done ? decision.answer : decision.soFar;
  return { ...head, points: [...points], answer, reasons: reasonsOf(points, answer) };
}

/** Of the level that broke; where none did, of the lowest one above what held that ended the search. */
function reasonsOf(points: readonly CapacityPoint[], { held = 0, broke, end }: ServerCapacity["answer"]): readonly string[] {
  if (broke !== undefined) return points.findLast(({ level, verdict }) => level === broke && verdict === "broke")?.reasons ?? [];
  const telling = points.filter(({ level, confirm, verdict }) => verdict === end && (level > held || (level === held && confirm)));
  return telling.toSorted((a, b) => a.level - b.level)[0]?.reasons ?? [];
}
