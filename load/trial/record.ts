/** From what a trial gathered to its measurement; pure but for the clock that says how long it took. */
import type { PublishAnswer } from "../../servers/contract.ts";
import type { TrialTimes } from "../assignment.ts";
import { availableParallelism } from "node:os";
import { steadinessBetween } from "./cpu-seconds.ts";
import { clockStepNs, nowNs } from "../clock.ts";
import { figuresOf } from "./figures.ts";
import type { Figures } from "./figures.ts";
import type { Published, ShareResult } from "../fleet/local.ts";
import type {
  ConnectionStep,
  Failure,
  LedgerCounts,
  Measurement,
  Phase,
  PhaseMeasurement,
  Steadiness,
  TrialEvent,
  TrialIdentity,
  TrialSteadiness,
} from "../measurement.ts";
import { SCHEMA_VERSION } from "../measurement.ts";
import { present } from "../present.ts";
import type { ReleaseCheck } from "./release.ts";
import { perConnection } from "./connection-steps.ts";
import { isVaried, phaseFigures, VARIED } from "./phase-figures.ts";
import { roomUsed } from "./room.ts";
import type { Room } from "./room.ts";
import { toResourceSamples } from "../sampling/sampler.ts";
import type { RawSample, Sampler } from "../sampling/sampler.ts";
import type { Sockets } from "../sampling/sockets.ts";
import { samplesWithin } from "./server-use.ts";
import { windowFigures } from "../sampling/window.ts";
import type { WindowFigures } from "../sampling/window.ts";
import { merge } from "./timeline.ts";
import type { Timeline } from "./timeline.ts";
import type { TrialPlan } from "../plan.ts";
import { phaseSpans, serverName } from "../suite.ts";
import { judge } from "../validity.ts";
import type { ValidityFacts } from "../validity.ts";

/** What a trial has gathered so far; a failed one is recorded from this as well. */
export interface Gathered {
  readonly startedAt: Date;
  readonly events: { readonly atNs: number; readonly kind: TrialEvent["kind"]; readonly text: string }[];
  library: TrialIdentity["library"];
  timeline: Timeline | undefined;
  sampler: Sampler | undefined;
  times: TrialTimes | undefined;
  phase: Phase;
}

/** What the loaded phases leave behind, to be made into figures. */
export interface Ran {
  readonly publisher: Published;
  /** What each control port says it took; absent where it did not say so in time. */
  readonly answers: readonly (PublishAnswer | undefined)[];
  /** Absent where the subscribers published. */
  readonly publisherPid?: number;
  readonly shares: readonly ShareResult[];
  readonly connectMs: number;
  /** Empty where all connections were opened at once. */
  readonly steps: readonly ConnectionStep[];
  readonly warmedUp: Omit<TrialSteadiness, "window">;
  readonly sockets: { readonly before?: Sockets; readonly after?: Sockets };
  /** At the edges of the settle phase; absent where it is too short to tell anything. */
  readonly settle?: { readonly from: RawSample; readonly to: RawSample };
  /** At the start of the window, at the end of each phase, and at that of the window, which is that of the last phase. */
  readonly edges: readonly RawSample[];
  /** Descriptors of the server with its publish stream open and no subscriber yet. */
  readonly idleFds?: number;
  readonly release: ReleaseCheck;
  readonly room: Room;
  /** Processes of the server. */
  readonly instances: number;
  /** Absent where the target speaks the contract. */
  readonly foreignTarget?: NonNullable<ValidityFacts["foreignTarget"]>;
  /** Subscribers asked as soon as they were answered. */
  readonly closedLoop: boolean;
  /** They were served in the order in which they asked again. */
  readonly asksAgain: boolean;
  /** What stopping the target had to say. */
  readonly stopNotes: readonly string[];
}

/** The measurement of a trial that ran to its end, or of one that failed with `failure`. */
export function recordTrial(
  plan: TrialPlan,
  gathered: Gathered,
  ended: { readonly ran: Ran } | { readonly failure: Failure },
): Measurement {
  const zeroNs = gathered.times?.zeroNs ?? nowNs();
  const samples = toResourceSamples(gathered.sampler?.samples ?? [], zeroNs);
  const common = {
    schemaVersion: SCHEMA_VERSION,
    trial: {
      index: plan.index,
      repetition: plan.repetition,
      server: serverName(plan.server),
      transport: plan.transport,
      library: gathered.library,
      seed: plan.seed,
      startedAt: gathered.startedAt.toISOString(),
      durationMs: Date.now() - gathered.startedAt.getTime(),
    },
    scenario: plan.scenario,
    seconds: gathered.timeline?.seconds() ?? [],
    samples,
    events: gathered.events.map(({ atNs, kind, text }) => ({ atSecond: (atNs - zeroNs) / 1e9, kind, text })),
  } as const;
  if ("failure" in ended) {
    return {
      ...common,
      status: ended.failure.kind === "interrupted" ? "partial" : "failed",
      failure: ended.failure,
      generator: [],
      metrics: {},
      deliveryLatencySource: {},
      histograms: {},
      ledger: { window: NOTHING_COUNTED, whole: NOTHING_COUNTED },
      validity: { valid: false, reasons: [] },
    };
  }
  const { ran } = ended;
  const windowMs = plan.scenario.durationMs;
  const server = windowFigures(ran.edges[0]!, ran.edges.at(-1)!);
  const figures = figuresOf({
    ...ran,
    windowMs,
    subscribers: plan.scenario.subscribers,
    sharesConnections: plan.transport.endsWith("-http2"),
    server,
    perConnection: perConnection(ran.steps),
    ...(ran.settle === undefined ? {} : { settled: windowFigures(ran.settle.from, ran.settle.to) }),
    samples: samplesWithin(samples, 0, windowMs / 1000),
    ...ran.release,
  });
  const told = gathered.timeline?.told() ?? [];
  const steadinessOf = (from: number, to: number): Steadiness =>
    steadinessBetween([from, to], told, gathered.sampler?.samples ?? [], zeroNs);
  const steadiness = {
    ...ran.warmedUp,
    window: isVaried(plan.scenario) ? VARIED : steadinessOf(0, Math.floor(windowMs / 1000)),
  };
  const phases = phaseFigures({ ...ran, spans: phaseSpans(plan.scenario), samples, steadinessOf });
  return {
    ...common,
    ...figures,
    ...(ran.steps.length === 0 ? {} : { steps: ran.steps }),
    ...(phases.length === 0 ? {} : { phases }),
    status: "complete",
    steadiness,
    validity: judge({ ...factsOf(ran, windowMs, figures, gathered, server), steadiness, phases: phases.map(phaseFactsOf) }),
  };
}

function factsOf(
  ran: Ran,
  windowMs: number,
  figures: Figures,
  { sampler }: Gathered,
  { hostSteal, throttled }: WindowFigures,
): Omit<ValidityFacts, "steadiness" | "phases"> {
  const { publisher, answers, release, closedLoop, asksAgain, stopNotes } = ran;
  const sum = (pick: (h: { readonly clockErrors: number; readonly overflow: number }) => number): number =>
    Object.values(figures.histograms).reduce((total, histogram) => total + pick(histogram), 0);
  const refusedReason = answers.find((answer) => answer?.reason !== undefined)?.reason;
  // R6 judges by the p99 of whatever there is; R9 keeps it out of the metrics where messages are few.
  const lagP99 = merge([publisher.lag]).quantile(0.99);
  const deliveryP99 = merge(ran.shares.flatMap(({ result }) => result.histograms["delivery"] ?? [])).quantile(0.99);
  const deliveryP99Ms = figures.metrics["delivery_latency_ms.p99"] ?? (deliveryP99 === undefined ? undefined : deliveryP99 / 1e6);
  return {
    generator: figures.generator,
    windowMs,
    published: publisher.window.published,
    intended: publisher.window.intended,
    unsent: publisher.unsent,
    unanswered: answers.filter((answer) => answer === undefined).length,
    refused: answers.reduce((total, answer) => total + (answer?.refused ?? 0), 0),
    clockErrors: sum(({ clockErrors }) => clockErrors),
    overflow: sum(({ overflow }) => overflow),
    samplesDue: sampler?.due ?? 0,
    samplesTaken: sampler?.taken ?? 0,
    fromPopulation: Object.entries(figures.deliveryLatencySource)
      .filter(([name, source]) => source === "population" && SHOWN.includes(name))
      .map(([name]) => name),
    subscribers: ran.shares.reduce((total, { subscribers }) => total + subscribers, 0),
    broken: ran.shares.reduce((total, { result }) => total + result.broken, 0),
    reconnects: ran.shares.reduce((total, { result }) => total + result.reconnects, 0),
    silent: ran.shares.reduce((total, { result }) => total + result.silent, 0),
    ...present({ foreignTarget: ran.foreignTarget, foreign: foreignOf(figures) }),
    ...present({ memorySlopeDisagreement: perConnection(ran.steps).disagreement }),
    clockStepNs: clockStepNs(),
    room: roomUsed({
      ...ran,
      samples: sampler?.samples ?? [],
      generator: figures.generator,
    }),
    absentPercentiles: SHOWN.filter((name) => figures.deliveryLatencySource[name] === undefined),
    deliveries: figures.ledger.window.delivered,
    closedLoop,
    asksAgain,
    stopNotes,
    ...(lagP99 === undefined ? {} : { lagP99Ms: lagP99 / 1e6 }),
    ...(deliveryP99Ms === undefined ? {} : { deliveryP99Ms }),
    ...(refusedReason === undefined ? {} : { refusedReason }),
    ...(hostSteal === undefined ? {} : { steal: hostSteal }),
    ...(throttled === undefined ? {} : { throttled }),
    ...(release.leakedFds === undefined ? {} : { leakedFds: release.leakedFds }),
    ...(release.heldConnections === undefined ? {} : { heldConnections: release.heldConnections }),
  };
}

/** Of a phase only what its own figures may state is judged: what has too few messages for that is judged with the window. */
function phaseFactsOf({ name, metrics, steadiness }: PhaseMeasurement): ValidityFacts["phases"][number] {
  return {
    name,
    steadiness,
    ...present({
      lagP99Ms: metrics["publish_lag_ms.p99"],
      deliveryP99Ms: metrics["delivery_latency_ms.p99"],
      achieved: metrics["publish_achieved"],
    }),
  };
}

/** The percentiles that the tables show. */
const SHOWN: readonly string[] = ["p50", "p99"];

function foreignOf({ metrics }: Figures): ValidityFacts["foreign"] {
  const cores = metrics["host_foreign_cpu"];
  return cores === undefined ? undefined : { cores, of: availableParallelism() };
}

const NOTHING_COUNTED: LedgerCounts = {
  published: 0,
  expected: 0,
  delivered: 0,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  late: 0,
  corrupt: 0,
};
