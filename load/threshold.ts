/** Thresholds: limits on metrics, written `delivery_latency_ms.p99 < 250`. */
import { isMetricName, METRICS } from "./metric.ts";
import { nearest } from "./nearest.ts";
import type { Threshold } from "./suite.ts";

/** `metric operator limit`, as {@link Threshold} holds it. */
export type Check = Pick<Threshold, "metric" | "operator" | "limit">;

/** What is wrong with a check, with the part of its text that is. */
export interface CheckProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly expected: string;
  readonly suggestion?: string;
}

const OPERATORS: Readonly<Record<Threshold["operator"], (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
  "==": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
};

/** Whether a value is within the limit. */
export function holds({ operator, limit }: Pick<Check, "operator" | "limit">, value: number): boolean {
  return OPERATORS[operator](value, limit);
}

export const CHECK_EXPECTED = "a metric, an operator (< <= > >= == !=) and a number, such as delivery_latency_ms.p99 < 250";

/** Reads one check; a mistake is returned, not thrown, so that a suite can report all of its own at once. */
export function parseCheck(text: string): Check | CheckProblem {
  const parts = /^\s*([^\s<>=!]+)\s*([<>=!]+)\s*(\S+)\s*$/d.exec(text);
  if (!parts) return { offset: 0, length: text.length, message: `cannot read threshold ${JSON.stringify(text)}`, expected: CHECK_EXPECTED };
  const [, metric = "", operator = "", limit = ""] = parts;
  const at = (group: number) => {
    const [start, end] = parts.indices![group]!;
    return { offset: start, length: end - start };
  };
  if (!isMetricName(metric)) {
    const suggestion = METRICS.has(`${metric}.p99`) ? `${metric}.p99` : (nearest(metric, [...METRICS.keys()]) ?? ofParts(metric));
    const expected = METRICS.has(`${metric}.p99`) ? "a percentile: p50, p90, p95, p99, p999 or max" : "a metric that `list` shows";
    return { ...at(1), message: `unknown metric "${metric}"`, expected, ...(suggestion === undefined ? {} : { suggestion }) };
  }
  if (!isOperator(operator)) {
    return { ...at(2), message: `unknown operator "${operator}"`, expected: "one of < <= > >= == !=" };
  }
  if (!/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(limit)) {
    return { ...at(3), message: `"${limit}" is no number`, expected: `a bare number${unitNote(metric)}` };
  }
  return { metric, operator, limit: Number(limit) };
}

/** A metric whose name holds all words of `asked`: `messages_lost` for `lost`, a p99 where there are percentiles. */
function ofParts(asked: string): string | undefined {
  const words = asked.toLowerCase().split(/[._]/);
  const holding = [...METRICS.keys()].filter((name) => words.every((word) => name.split(/[._]/).includes(word)));
  return holding.find((name) => name.endsWith(".p99")) ?? holding[0];
}

function unitNote(metric: string): string {
  const unit = METRICS.get(metric)?.unit;
  return unit ? `, which is in ${unit} for ${metric}` : "";
}

function isOperator(text: string): text is Threshold["operator"] {
  return Object.hasOwn(OPERATORS, text);
}

/** `delivery_latency_ms.p99 < 250`, as it is written in a suite. */
export function formatThreshold({ metric, operator, limit }: Check): string {
  return `${metric} ${operator} ${limit}`;
}

/** Whether some value satisfies all of these checks of one metric. */
export function isSatisfiable(checks: readonly Check[]): boolean {
  const limits = checks.map((check) => check.limit);
  // Between two neighbouring limits nothing changes: the limits themselves and a point in every gap decide.
  const gaps = limits.flatMap((limit) => {
    const above = limits.filter((other) => other > limit);
    return above.length === 0 ? [limit + 1] : [(limit + Math.min(...above)) / 2];
  });
  const candidates = [...limits, ...gaps, Math.min(...limits) - 1];
  return candidates.some((value) => checks.every((check) => OPERATORS[check.operator](value, check.limit)));
}
