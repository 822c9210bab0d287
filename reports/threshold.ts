/** Thresholds of a scenario, judged on the trials of one cell. */
import type { Measurement } from "../load/measurement.ts";
import type { Threshold } from "../load/suite.ts";
import { holds } from "../load/threshold.ts";

/** `no-data` counts as failed; `invalid` is neither passed nor failed. */
export type ThresholdVerdict = "pass" | "fail" | "no-data" | "invalid";

export interface ThresholdResult {
  readonly metric: string;
  readonly operator: Threshold["operator"];
  readonly limit: number;
  readonly level: Threshold["level"];
  /** The phase whose figure was judged; absent: that of the whole window. */
  readonly phase?: string;
  readonly verdict: ThresholdVerdict;
  /** What each complete trial had. */
  readonly values: readonly number[];
}

/**
 * A threshold passes when it holds in every complete trial: a median would let `messages_lost == 0` pass with one bad trial of
 * three. Without data it does not pass, and on an invalid cell nothing does; but a count that breaks it there has failed all the same,
 * for whatever made the latencies doubtful lost no message. One of level `off` is not judged.
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  server: string,
  complete: readonly Measurement[],
  valid: boolean,
): ThresholdResult[] {
  return thresholds
    .filter(({ servers, level }) => level !== "off" && (servers === undefined || servers.includes(server)))
    .map(({ metric, operator, limit, level, phase }) => {
      const values = complete.map((measurement) => valueOf(metricsOf(measurement, phase), metric)).filter((value) => value !== undefined);
      const held = values.every((value) => holds({ operator, limit }, value));
      const hasData = complete.length > 0 && values.length === complete.length && !values.some(Number.isNaN);
      const verdict = hasData ? verdictOf(metric, held, valid) : "no-data";
      return { metric, operator, limit, level, ...(phase === undefined ? {} : { phase }), verdict, values };
    });
}

/** `delivery_latency_ms.p99 < 500 in spike`. */
export function thresholdText({
  metric,
  operator,
  limit,
  phase,
}: Pick<ThresholdResult, "metric" | "operator" | "limit" | "phase">): string {
  return `${metric} ${operator} ${limit}${phase === undefined ? "" : ` in ${phase}`}`;
}

function metricsOf({ metrics, phases = [] }: Measurement, phase: string | undefined): Measurement["metrics"] {
  return phase === undefined ? metrics : (phases.find(({ name }) => name === phase)?.metrics ?? {});
}

/** `errors.{kind}` stands in a measurement only when that kind occurred, so there absence is a count of 0. */
function valueOf(metrics: Measurement["metrics"], name: string): number | undefined {
  return metrics[name] ?? (name.startsWith("errors.") ? 0 : undefined);
}

function verdictOf(metric: string, held: boolean, valid: boolean): Exclude<ThresholdVerdict, "no-data"> {
  if (valid) return held ? "pass" : "fail";
  const isCount = /^(messages_|errors\.)/.test(metric) || metric === "server_fds_leaked";
  return isCount && !held ? "fail" : "invalid";
}
