/** Whether a trial shows that the server held its level (METHOD, capacity search); pure. */
import type { CapacityVerdict, Slo } from "../capacity-record.ts";
import type { Failure, Measurement, ValidityReason } from "../measurement.ts";
import { decodeHistogram } from "../hdr.ts";
import { METRICS } from "../metric.ts";
import { formatThreshold, holds } from "../threshold.ts";
import { LIMITS, OF_THE_MACHINE } from "../validity.ts";
import { backlogGrowth } from "./growth.ts";
import { PRECISION } from "./search.ts";
import { latencyLimitMs } from "./slo.ts";

export interface Judged {
  readonly verdict: CapacityVerdict;
  /** Why it does not hold, most telling first; empty where it does. */
  readonly reasons: readonly string[];
}

/** Reasons that lie neither with the server nor with the generator: another trial may be spared them. */
const NOISE: ReadonlySet<string> = new Set([...OF_THE_MACHINE, "clock_coarse", "clock_error", "latency_overflow"]);
/** Reasons that are the server's: what it did not take of what was published. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(["schedule_slipped", "ingest_backlog", "ingest_refused"]);
/** What a client end runs out of on this machine. */
const OUT_OF_ROOM = /\b(EADDRNOTAVAIL|EMFILE|ENFILE|ENOBUFS|ENOMEM)\b/;

/**
 * Judges a trial that was not interrupted. What disturbs the machine only ever adds latency and loss: a level that holds all the same holds,
 * and only one that breaks is left unjudged.
 */
export function judgeTrial(measurement: Measurement, slo: Slo): Judged {
  const { failure, validity } = measurement;
  if (failure !== undefined) return { verdict: verdictOf(failure), reasons: [failure.message] };
  const invalid = validity.reasons.filter((reason) => reason.severity === "invalid" && !isTolerable(reason, measurement, slo));
  const noise = invalid.filter(({ code }) => NOISE.has(code));
  const generator = invalid.filter(({ code }) => !NOISE.has(code) && !OF_THE_SERVER.has(code));
  if (generator.length > 0) {
    // Where the machine was disturbed, the generator was disturbed with it.
    return noise.length > 0
      ? { verdict: "noise", reasons: messages([...noise, ...generator]) }
      : { verdict: "generator", reasons: messages(generator) };
  }
  const ofServer = messages(invalid.filter(({ code }) => OF_THE_SERVER.has(code)));
  const broken = [...limitsBroken(measurement, slo), ...ofServer, ...pilingUp(measurement)];
  if (broken.length > 0) return noise.length > 0 ? { verdict: "noise", reasons: messages(noise) } : { verdict: "broke", reasons: broken };
  const absent = slo.filter(({ metric }) => valueOf(measurement.metrics, metric) === undefined);
  if (absent.length > 0) return { verdict: "failed", reasons: absent.map(({ metric }) => absence(metric)) };
  return { verdict: "holds", reasons: [] };
}

function verdictOf({ kind, message }: Failure): CapacityVerdict {
  switch (kind) {
    case "connect":
      return OUT_OF_ROOM.test(message) ? "machine" : "broke";
    case "server-exit":
      return "broke";
    case "worker":
    case "internal":
      return "generator";
    case "target":
    case "interrupted":
      return "failed";
  }
}

/**
 * METHOD R6 allows the generator 5 % of the latency that is reported. What is reported here is on which side of its limit a latency lies,
 * so that 5 % of the limit are allowed: what the generator adds moves the answer by no more than the search is narrowed to. So does a
 * hypervisor that takes 5 % of the CPU time, in a trial that can be no more than that slower for it.
 */
function isTolerable({ code }: ValidityReason, { metrics, generator, histograms }: Measurement, slo: Slo): boolean {
  if (code === "host_steal") return (metrics["host_steal"] ?? 1) <= PRECISION - 1;
  const limitMs = latencyLimitMs(slo);
  if (limitMs === undefined) return false;
  if (code === "publisher_late") {
    // Of few messages there is no such metric (R9), and still the lag that was called too late (R6).
    const lag = histograms["publish_lag"];
    const lagP99Ns = lag === undefined ? undefined : decodeHistogram(lag).quantile(0.99);
    return (lagP99Ns ?? Infinity) / 1e6 <= LIMITS.lagShareOfP99 * limitMs;
  }
  if (code === "probes_queue") {
    const turns = generator.flatMap(({ role, turnMs }) => (role === "probes" && turnMs !== undefined ? [turnMs.p99] : []));
    return Math.max(...turns) <= LIMITS.probeTurnShareOfP99 * limitMs;
  }
  return false;
}

function limitsBroken({ metrics }: Measurement, slo: Slo): string[] {
  return slo.flatMap((check) => {
    const value = valueOf(metrics, check.metric);
    if (value === undefined || holds(check, value)) return [];
    const unit = METRICS.get(check.metric)?.unit ?? "";
    const asked = formatThreshold(check).slice(check.metric.length + 1);
    return [`${check.metric} was ${figure(value)}${unit === "" ? "" : ` ${unit}`} where ${asked} was asked`];
  });
}

function pilingUp(measurement: Measurement): string[] {
  const growth = backlogGrowth(measurement);
  if (growth === undefined) return [];
  return [`work piled up: p50 grew by ${figure(growth.slope.value)} ms a second (${figure(growth.slope.low)} at the least)`];
}

/** An error that did not happen has no count. */
function valueOf(metrics: Measurement["metrics"], name: string): number | undefined {
  return metrics[name] ?? (name.startsWith("errors.") ? 0 : undefined);
}

function absence(metric: string): string {
  const percentile = /\.p\d+$/.test(metric);
  return `${metric} is absent: ${percentile ? "too few deliveries, for ten must lie above it; lengthen the window or raise the rate" : "it cannot be had of this server, or on this machine"}`;
}

function messages(reasons: readonly ValidityReason[]): string[] {
  return reasons.map(({ message }) => message);
}

/** Three digits say more than a trial bears out. */
function figure(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : Number(value.toPrecision(3)).toLocaleString("en-US");
}
