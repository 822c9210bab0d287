/** From what the processes of a trial reported to the figures of each phase of the window; pure. */
import type { PhaseReceived } from "../assignment.ts";
import type { Published, ShareResult } from "../fleet/local.ts";
import type { PhaseMeasurement, ResourceSample, Steadiness } from "../measurement.ts";
import type { RawSample } from "../sampling/raw-sample.ts";
import { windowFigures } from "../sampling/window.ts";
import type { PhaseSpan, Scenario } from "../suite.ts";
import { encodeAll, headline, named, percentilesInclLossMs, percentilesMs } from "./latency.ts";
import { samplesWithin, serverUse } from "./server-use.ts";
import { merge } from "./timeline.ts";
import { trafficMetrics } from "./traffic.ts";

export interface PhaseFacts {
  readonly spans: readonly PhaseSpan[];
  readonly publisher: Published;
  readonly shares: readonly ShareResult[];
  /** See `Transport.capabilities`. */
  readonly asksAgain: boolean;
  /** Server and host at the start of the window and at the end of each phase. */
  readonly edges: readonly RawSample[];
  readonly samples: readonly ResourceSample[];
  /** Of the whole seconds from the one to before the other. */
  steadinessOf(from: number, to: number): Steadiness;
}

/** Of a rate that is to change nobody asks whether a delivery went on costing the same. */
export const VARIED: Steadiness = { verdict: "varied", seconds: 0 };

/** Whether the rate is to change within the window. */
export function isVaried({ phases = [] }: Pick<Scenario, "phases">): boolean {
  return phases.some(({ startRate, endRate }) => startRate !== phases[0]!.startRate || endRate !== startRate);
}

export function phaseFigures(facts: PhaseFacts): PhaseMeasurement[] {
  return facts.spans.map((span, i) => phaseOf(span, i, facts));
}

function phaseOf(span: PhaseSpan, i: number, { publisher, shares, asksAgain, edges, samples, steadinessOf }: PhaseFacts): PhaseMeasurement {
  const { name, startRate, endRate, durationMs } = span;
  const [fromSecond, toSecond] = [span.fromMs / 1000, span.toMs / 1000];
  const all = shares.map(({ role, result }) => ({ role, ...result.phases[i]! }));
  const { intended, published, lag: lagCounts } = publisher.phases[i]!;
  const population = merge(all.map(({ latency }) => latency));
  const probes = asksAgain ? undefined : merge(all.filter(({ role }) => role === "probes").map(({ latency }) => latency));
  const lag = merge([lagCounts]);
  const sum = (pick: (part: PhaseReceived) => number): number => all.reduce((total, part) => total + pick(part), 0);
  const [expected, delivered] = [sum((part) => part.expected), sum((part) => part.delivered)];
  const { ms, source } = headline(probes, population);
  return {
    name,
    startRate,
    endRate,
    fromSecond,
    toSecond,
    deliveryLatencySource: source,
    histograms: encodeAll({ delivery: probes ?? population, population, publish_lag: lag }),
    metrics: {
      ...named("delivery_latency_ms", ms),
      ...named("delivery_latency_incl_loss_ms", percentilesInclLossMs(population, Math.max(0, expected - delivered))),
      ...named("population_latency_ms", percentilesMs(population)),
      ...named("publish_lag_ms", percentilesMs(lag)),
      messages_published: published,
      messages_expected: expected,
      messages_delivered: delivered,
      messages_lost: expected - delivered,
      delivery_backlog: sum(({ backlog }) => backlog),
      publish_rate: published / (durationMs / 1000),
      ...(intended > 0 ? { publish_achieved: published / intended } : {}),
      ...trafficMetrics(all.map(({ received }) => received)),
      ...serverUse(
        windowFigures(edges[i]!, edges[i + 1]!),
        samplesWithin(samples, fromSecond, toSecond),
        sum(({ received }) => received.messages),
      ),
    },
    steadiness: startRate === endRate ? steadinessOf(Math.ceil(fromSecond) + 1, Math.floor(toSecond)) : VARIED,
  };
}
