/** What a capacity search found, in words: a bracket with what broke first, or how much was held and what stopped the search; never a bare number. */
import { VARIED } from "../load/capacity-record.ts";
import type { CapacityAnswer, CapacityQuestion, ServerCapacity, Slo, Varied } from "../load/capacity-record.ts";

/** `between 4,200 and 4,400 connections: delivery_latency_ms.p99 was 134 ms where < 100 was asked`. */
export function answerText({ vary }: Pick<CapacityQuestion, "vary">, server: ServerCapacity): string {
  const { held, broke, confirmed, end } = server.answer;
  const told = server.reasons.length === 0 ? "" : `: ${server.reasons.join("; ")}`;
  const because = endText(server);
  if (broke !== undefined) {
    const where = held === undefined ? `less than ${loadText(broke, vary)}` : `between ${levelText(held)} and ${loadText(broke, vary)}`;
    const open = end === "narrowed" ? "" : `; not narrowed further, for ${because}`;
    const unsure = held === undefined || confirmed || end !== "narrowed" ? "" : "; not confirmed in a longer window";
    return `${where}${told}${open}${unsure}`;
  }
  if (held === undefined) return `no answer, for ${because}${told}`;
  return `at least ${loadText(held, vary)}; ${end === "generator" ? because : `no more is known, for ${because}`}${told}`;
}

const ENDS: Readonly<Record<CapacityAnswer["end"], string>> = {
  narrowed: "nothing lies between",
  "most-tried": "it is the most that was tried",
  generator: "limited by the generator",
  noise: "something else disturbed the machine",
  machine: "this machine has no room for more",
  steps: "the levels that may be tried were used up",
  time: "the time that trials may take was used up",
  interrupted: "the search was stopped",
  failed: "a trial could not be judged",
};

function endText({ answer: { end, held, broke }, range }: ServerCapacity): string {
  if (end === "most-tried") return `${ENDS[end]} (${range.maxReason})`;
  // Beside a bracket it is the reason of a gap.
  if (end === "generator" && (broke !== undefined || held === undefined)) return "the generator was the limit";
  return ENDS[end];
}

/** What broke first, and why the search went no further where it did not end with a bracket of 5 %. */
export function whyText(server: ServerCapacity): string {
  const { end } = server.answer;
  return [...server.reasons, ...(end === "narrowed" ? [] : [ENDS[end]])].join("; ");
}

/** A mark that needs no colour: a bracket, a bound from below, or nothing. */
export function answerMark({ held, broke, end }: CapacityAnswer): "bracket" | "at least" | "open" {
  if (broke !== undefined && end === "narrowed") return "bracket";
  return held === undefined ? "open" : "at least";
}

export function sloText(slo: Slo): string {
  return slo.map(({ metric, operator, limit }) => `${metric} ${operator} ${limit}`).join(" and ");
}

/** Of the latency that is drawn; `undefined` where the SLO has none. */
export function p99LimitMs(slo: Slo): number | undefined {
  return slo.find(({ metric, operator }) => metric === "delivery_latency_ms.p99" && operator.startsWith("<"))?.limit;
}

/** All digits of a level, for the search stood on just that one. */
export function levelText(level: number): string {
  return level.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

/** `1,000 connections`. */
export function loadText(level: number, vary: Varied): string {
  return `${levelText(level)} ${VARIED[vary]}`;
}
