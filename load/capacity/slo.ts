/** What a level must hold: limits joined by "and", in the grammar of a suite's thresholds. */
import type { Slo } from "../capacity-record.ts";
import { formatThreshold, isSatisfiable, parseCheck } from "../threshold.ts";
import { UsageError } from "../usage-error.ts";

/** METHOD's own. */
export const DEFAULT_SLO = "delivery_latency_ms.p99 < 100 and messages_lost == 0 and messages_duplicated == 0";

/** Reads an SLO; throws {@link UsageError} with all that is wrong in it. */
export function parseSlo(text: string): Slo {
  const checks = text.split(/\s+and\s+/i).map(parseCheck);
  const problems = checks.flatMap((check) => {
    if (!("message" in check)) return [];
    const { message, expected, suggestion } = check;
    return [`${message}: expected ${expected}${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`];
  });
  const slo = checks.filter((check) => !("message" in check)) as Slo;
  const clash = slo.find((check, at) => !isSatisfiable(slo.slice(0, at + 1).filter(({ metric }) => metric === check.metric)));
  if (clash !== undefined) problems.push(`"${formatThreshold(clash)}" and what stands before it cannot both hold`);
  if (problems.length > 0) throw new UsageError(`--slo: ${problems.join("\n--slo: ")}`);
  return slo;
}

/** Latencies from publish to deliver: of those a poller's is mostly its interval. */
const DELIVERY = /^(delivery_latency|delivery_latency_incl_loss|population_latency|transit_latency)_ms\./;

/** The SLO for a poller: its interval is no latency of the server's, so that every limit of latency is that much higher. */
export function forPoller(slo: Slo, intervalMs: number): Slo {
  return slo.map((check) => (isLatencyLimit(check) ? { ...check, limit: check.limit + intervalMs } : check));
}

/** The strictest limit of latency, in ms; `undefined` where there is none. */
export function latencyLimitMs(slo: Slo): number | undefined {
  const limits = slo.filter(isLatencyLimit).map(({ limit }) => limit);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function isLatencyLimit({ metric, operator }: Slo[number]): boolean {
  return DELIVERY.test(metric) && (operator === "<" || operator === "<=");
}
