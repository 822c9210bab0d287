/** Which latencies are not what they seem, or are not there. METHOD R3, R6, R9. */
import { CLOSED_LOOP } from "../measurement.ts";
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { warning } from "./reason.ts";

/** METHOD R3. */
export function loopReasons({ closedLoop }: ValidityFacts): ValidityReason[] {
  if (!closedLoop) return [];
  return [
    warning(
      CLOSED_LOOP,
      "closed loop: maximum throughput; latency not comparable",
      "read request_rate; for a latency to compare give a pollInterval",
    ),
  ];
}

export function probeReasons({ fromPopulation, asksAgain }: ValidityFacts): ValidityReason[] {
  if (fromPopulation.length === 0) return [];
  const [why, advice] = asksAgain
    ? ["whoever asks again first is answered first, and the probes always do", "read it as what a client of average speed sees"]
    : ["the probes had too few deliveries", "lengthen the trial or raise the rate"];
  return [
    warning("percentiles_from_population", `delivery_latency_ms ${fromPopulation.join(", ")} come from all subscribers: ${why}`, advice),
  ];
}

/** METHOD R9. */
export function absenceReasons({ absentPercentiles, deliveries, closedLoop }: ValidityFacts): ValidityReason[] {
  if (absentPercentiles.length === 0 || closedLoop) return [];
  return [
    warning(
      "too_few_deliveries",
      `delivery_latency_ms ${absentPercentiles.join(", ")} ${absentPercentiles.length === 1 ? "is" : "are"} absent: ${deliveries} deliveries are too few, for ten must lie above a percentile`,
      "lengthen the trial or raise the rate",
    ),
  ];
}
