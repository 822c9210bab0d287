/** A level of the varied quantity: the scenario that loads a server with it, and which levels there are. */
import type { CapacityQuestion, CapacityRange, Varied } from "../capacity-record.ts";
import { instancesFor } from "../layout.ts";
import { headroomOf } from "../machine/headroom.ts";
import { descriptorsPerProcess, readLimits } from "../machine/limits.ts";
import { contradictions } from "../suite/contradictions.ts";
import { loadOf } from "../suite/phases.ts";
import { WORKLOAD_DEFAULTS } from "../suite/scenarios.ts";
import type { Scenario } from "../suite.ts";
import { UsageError } from "../usage-error.ts";
import type { Step } from "./search.ts";

/** A suite's own bounds. */
const BOUNDS: Readonly<Record<Varied, readonly [min: number, max: number]>> = {
  connections: [1, 1_000_000],
  rate: [0.001, 1_000_000],
  payload: [64, 999_999],
  fanout: [1, 1_000_000],
};

/** The nearest level there is: a whole one, or three digits of a rate. */
export function roundLevel(vary: Varied, level: number): number {
  return vary === "rate" ? Number(level.toPrecision(3)) : Math.round(level);
}

/** The level of a scenario as it is written. */
export function levelOf({ subscribers, topics, rate, payloadBytes }: Scenario, vary: Varied): number {
  return { connections: subscribers, rate, payload: payloadBytes, fanout: subscribers / topics }[vary];
}

/**
 * The scenario at a level. A fan-out is what its topics have of subscribers each, so that with it the connections grow: `topics` × level.
 * Server processes become more where one could not hold its subscribers' descriptors.
 */
export function scenarioAt({ scenario: base, vary, confirmMs }: CapacityQuestion, { level, confirm }: Step): Scenario {
  const perSubscriber = base.pattern === "unicast" || base.pattern === "echo";
  const subscribers = vary === "connections" ? level : vary === "fanout" ? level * base.topics : base.subscribers;
  const window = `${confirmMs / 1000}s`;
  return {
    ...base,
    name: `${base.name},${vary}=${level}${confirm ? `,window=${window}` : ""}`,
    subscribers,
    topics: perSubscriber ? subscribers : base.topics,
    rate: vary === "rate" ? level : base.rate,
    payloadBytes: vary === "payload" ? level : base.payloadBytes,
    durationMs: confirm ? confirmMs : base.durationMs,
    instances: Math.min(subscribers, Math.max(base.instances, instancesFor(subscribers, base.pattern, descriptorsPerProcess()))),
    // A search looks at latency and loss; what a connection costs is another question.
    steps: 1,
    thresholds: [],
    parameters: { [vary]: level, ...(confirm ? { window } : {}) },
  };
}

/** Which level a trial of this search had. */
export function stepOf({ parameters }: Pick<Scenario, "parameters">, vary: Varied): Step {
  return { level: Number(parameters[vary]), confirm: parameters["window"] !== undefined };
}

/** What cannot be varied of a scenario; throws {@link UsageError}. */
export function checkVaried({ name, pattern, phases }: Scenario, vary: Varied): void {
  if (phases !== undefined) {
    throw new UsageError(
      `scenario "${name}" has phases, and a search looks at one rate at a time: take a scenario with a rate and a duration in their place`,
    );
  }
  if (vary !== "fanout" || pattern === "broadcast" || pattern === "topics") return;
  throw new UsageError(
    `--vary fanout: scenario "${name}" has pattern ${pattern}, which tells each message to one subscriber; vary connections or rate, or take a scenario with pattern broadcast or topics`,
  );
}

/**
 * The levels that a server of this transport may be asked for: what was asked, what a suite may have, what works together, and, where
 * the server is started here, what the machine holds. Throws {@link UsageError} where the level to begin with is none of them.
 */
export function rangeOf(question: CapacityQuestion, transport: string, startedHere: boolean): CapacityRange {
  const { vary, scenario } = question;
  const round = (level: number): number => roundLevel(vary, level);
  const problem = (level: number): string | undefined => problemAt(question, transport, level);
  const from = question.from ?? round(levelOf(scenario, vary));
  const first = problem(from);
  if (first !== undefined) throw new UsageError(`${vary} ${from}, the level to begin with: ${first}`);
  const ceilings = ceilingsOf(question, startedHere).toSorted((a, b) => a.level - b.level);
  const { level: most, reason } = ceilings[0]!;
  if (from > most) throw new UsageError(`${vary} ${from}, the level to begin with, is more than ${most}: ${reason}; give a lower --from`);
  const min = lastThatFits(from, BOUNDS[vary][0], round, problem);
  const max = lastThatFits(from, most, round, problem);
  return { from, min, max, maxReason: max < most ? (problem(round(max * 1.01) > max ? round(max * 1.01) : max + 1) ?? reason) : reason };
}

function ceilingsOf({ vary, scenario, to }: CapacityQuestion, startedHere: boolean): { readonly level: number; readonly reason: string }[] {
  const asked = to === undefined ? [] : [{ level: to, reason: "no more was asked for" }];
  const suite = { level: BOUNDS[vary][1], reason: "no workload may have more" };
  const machine = startedHere ? headroomOf(readLimits()).machine : undefined;
  if (machine === undefined || (vary !== "connections" && vary !== "fanout")) return [...asked, suite];
  const held = Math.floor(machine.connections / (vary === "fanout" ? scenario.topics : 1));
  return [
    ...asked,
    suite,
    { level: Math.max(1, held), reason: `this machine holds no more (${machine.limit}); \`pushbench doctor\` tells why` },
  ];
}

/** What of the workload cannot work at this level. */
function problemAt(question: CapacityQuestion, transport: string, level: number): string | undefined {
  const scenario = scenarioAt(question, { level, confirm: true });
  const { topics, burst, payloadBytes, warmupMs, durationMs, drainMs, pollIntervalMs, historyMessages, backpressureBytes, batchMs } =
    scenario;
  const { pattern, subscribers, popularity, rate, arrivals, instances, client, connection } = scenario;
  const workload = {
    ...WORKLOAD_DEFAULTS,
    ...{ pattern, subscribers, topics, popularity, rate, arrivals, burst, instances, client, connection },
    ...{ payload: payloadBytes, warmup: warmupMs, duration: durationMs, drain: drainMs, pollInterval: pollIntervalMs },
    ...{ history: historyMessages, backpressure: backpressureBytes, batch: batchMs },
    ...loadOf({ rate, duration: durationMs }, undefined),
  };
  return contradictions(workload, () => [], new Set([transport]))[0]?.message;
}

/** The level farthest from `from` on the way to `end` that works; whatever works does so on one side of a limit only. */
function lastThatFits(from: number, end: number, round: (level: number) => number, problem: (level: number) => string | undefined): number {
  if (problem(end) === undefined) return end;
  let [good, bad] = [from, end];
  for (;;) {
    const middle = round(Math.sqrt(good * bad));
    if (middle === good || middle === bad) return good;
    if (problem(middle) === undefined) good = middle;
    else bad = middle;
  }
}
