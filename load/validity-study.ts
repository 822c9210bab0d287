/**
 * What disturbs a measurement, how far it is off then, and what it says of itself: from this the limits of `validity.ts` are chosen, and
 * by this anybody can see whether they fit his machine (METHOD R6).
 */
import { availableParallelism } from "node:os";
import { decodeHistogram } from "./hdr.ts";
import type { Measurement, ValidityReason } from "./measurement.ts";
import type { Histogram } from "./histogram.ts";
import { openBench } from "./selftest/bench.ts";
import type { Bench } from "./selftest/bench.ts";
import { allowedMs } from "./selftest/experiment.ts";
import { startNeighbours } from "./selftest/neighbours.ts";
import { ensureBuilt } from "./compiled.ts";
import type { KnownServer } from "./suite-file.ts";
import type { Sabotage } from "./trial.ts";

/** Something that is done to a trial on purpose. */
export interface Disturbance {
  readonly what: "nothing" | "the probes compute" | "the workers compute" | "neighbours compute";
  /** `0.2 ms a message`, `2 × 50 %`. */
  readonly amount: string;
  readonly busy?: NonNullable<Sabotage["busy"]>;
  readonly neighbours?: { readonly count: number; readonly share: number };
}

/** What a measurement shows of how it was disturbed; what could not be had is absent. */
export interface Indicators {
  readonly probeElu?: number;
  /** p99 of the event-loop delay of the probes. */
  readonly probeDelayMs?: number;
  /** p99 of what the probes took over messages that came at once. */
  readonly probeTurnMs?: number;
  readonly workerElu?: number;
  /** p99. */
  readonly lagMs?: number;
  /** Share of all cores that others used. */
  readonly foreignShare?: number;
  /** Share of the window that the probes, or the publisher if it is more, were ready to run and had no core. */
  readonly runqShare?: number;
}

/** One disturbed trial. Errors in ms, reported less what the undisturbed trials of the study have. */
export interface Disturbed {
  readonly disturbance: Disturbance;
  readonly indicators: Indicators;
  readonly error: Quantiles;
  readonly populationError: Quantiles;
  /** Whether the headline lies within what the selftest allows. */
  readonly right: boolean;
  readonly valid: boolean;
  /** Codes of what made it invalid. */
  readonly reasons: readonly string[];
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/** Enough subscribers for a worker beside the probes, enough messages for a p99, and no load to speak of. */
const WORKLOAD = { subscribers: 100, rate: "100/s", arrivals: "poisson", duration: "3s" };
const UNDISTURBED: Disturbance = { what: "nothing", amount: "" };

/** From what hardly shows to what nobody could miss. */
export function disturbances(cores = availableParallelism()): readonly Disturbance[] {
  const busy = (role: "probes" | "subscribers", amounts: readonly number[]): Disturbance[] =>
    amounts.map((ms) => ({
      what: role === "probes" ? "the probes compute" : "the workers compute",
      amount: `${ms} ms a message`,
      busy: { role, ms },
    }));
  const counts = [...new Set([1, cores])];
  return [
    UNDISTURBED,
    ...busy("probes", [0.02, 0.05, 0.1, 0.2, 0.3, 0.5]),
    UNDISTURBED,
    ...busy("subscribers", [0.02, 0.04, 0.06, 0.08, 0.1]),
    UNDISTURBED,
    ...counts.flatMap((count) =>
      [0.1, 0.25, 0.5, 1].map((share): Disturbance => ({
        what: "neighbours compute",
        amount: `${count} × ${share * 100} %`,
        neighbours: { count, share },
      })),
    ),
  ];
}

/** Runs every disturbance once a round; a trial that fails throws with its reason. */
export async function studyValidity(
  server: KnownServer & { readonly transport: string },
  rounds: number,
  signal: AbortSignal,
  onTrial: (done: number, of: number) => void = () => {},
): Promise<Disturbed[]> {
  await ensureBuilt();
  const bench = await openBench(server, signal);
  const list = Array.from({ length: rounds }, () => disturbances()).flat();
  const tried: { readonly disturbance: Disturbance; readonly measurement: Measurement }[] = [];
  for (const disturbance of list) {
    tried.push({ disturbance, measurement: await disturb(bench, disturbance) });
    onTrial(tried.length, list.length);
  }
  return compare(tried);
}

async function disturb(bench: Bench, { busy, neighbours: amount }: Disturbance): Promise<Measurement> {
  const neighbours = amount === undefined ? undefined : startNeighbours(amount.count, amount.share);
  try {
    const { measurement } = await bench.trial({ workload: WORKLOAD, sabotage: busy === undefined ? {} : { busy } });
    if (measurement.failure !== undefined) throw new Error(measurement.failure.message);
    return measurement;
  } finally {
    await neighbours?.stop();
  }
}

/** Sets each trial against the median of the undisturbed ones. */
export function compare(tried: readonly { readonly disturbance: Disturbance; readonly measurement: Measurement }[]): Disturbed[] {
  const quiet = tried.filter(({ disturbance }) => disturbance.what === "nothing").map(({ measurement }) => measurement);
  const truth = (name: string): Quantiles => ({
    p50: middle(quiet.map((measurement) => quantilesOf(measurement, name).p50)),
    p99: middle(quiet.map((measurement) => quantilesOf(measurement, name).p99)),
  });
  const [headline, population] = [truth("delivery"), truth("population")];
  return tried.map(({ disturbance, measurement }) => {
    const error = difference(quantilesOf(measurement, "delivery"), headline);
    return {
      disturbance,
      indicators: indicatorsOf(measurement),
      error,
      populationError: difference(quantilesOf(measurement, "population"), population),
      right: Math.abs(error.p50) <= allowedMs("p50", headline.p50) && Math.abs(error.p99) <= allowedMs("p99", headline.p99),
      valid: measurement.validity.valid,
      reasons: measurement.validity.reasons.filter(isInvalid).map(({ code }) => code),
    };
  });
}

function isInvalid({ severity }: ValidityReason): boolean {
  return severity === "invalid";
}

function indicatorsOf({ metrics, generator, histograms, scenario }: Measurement): Indicators {
  const probes = generator.find(({ role }) => role === "probes");
  const waits = generator.filter(({ role }) => role !== "subscribers").flatMap(({ runqWaitMs }) => runqWaitMs ?? []);
  const workers = generator.filter(({ role }) => role === "subscribers").flatMap(({ elu }) => elu ?? []);
  const foreign = metrics["host_foreign_cpu"];
  const lagNs = histogramOf(histograms, "publish_lag")?.quantile(0.99);
  return {
    ...(probes?.elu === undefined ? {} : { probeElu: probes.elu }),
    ...(probes?.loopDelayMs === undefined ? {} : { probeDelayMs: probes.loopDelayMs.p99 }),
    ...(probes?.turnMs === undefined ? {} : { probeTurnMs: probes.turnMs.p99 }),
    ...(workers.length === 0 ? {} : { workerElu: Math.max(...workers) }),
    ...(lagNs === undefined ? {} : { lagMs: lagNs / 1e6 }),
    ...(foreign === undefined ? {} : { foreignShare: foreign / availableParallelism() }),
    ...(waits.length === 0 ? {} : { runqShare: Math.max(...waits) / scenario.durationMs }),
  };
}

function quantilesOf({ histograms }: Measurement, name: string): Quantiles {
  const histogram = histogramOf(histograms, name);
  return { p50: (histogram?.quantile(0.5) ?? NaN) / 1e6, p99: (histogram?.quantile(0.99) ?? NaN) / 1e6 };
}

function histogramOf(histograms: Measurement["histograms"], name: string): Histogram | undefined {
  const encoded = histograms[name];
  return encoded === undefined ? undefined : decodeHistogram(encoded);
}

function difference(a: Quantiles, b: Quantiles): Quantiles {
  return { p50: a.p50 - b.p50, p99: a.p99 - b.p99 };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
