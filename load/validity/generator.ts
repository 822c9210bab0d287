/** Was the generator the limit? METHOD R6. */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { beyond, invalid, percent, warning } from "./reason.ts";

export function generatorReasons({ generator, windowMs, deliveryP99Ms = 0 }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  const turnLimitMs = Math.max(LIMITS.probeTurnMs, LIMITS.probeTurnShareOfP99 * deliveryP99Ms);
  for (const { role, pid, elu = 0, turnMs, runqWaitMs } of generator) {
    if (role === "probes" && turnMs !== undefined && turnMs.p99 > turnLimitMs) {
      reasons.push(
        invalid(
          "probes_queue",
          `the probes took up to ${beyond(turnMs.p99, turnLimitMs)} ms (p99) over messages that came at once, more than ${turnLimitMs.toFixed(2)}: the last of them waited for the others`,
          "lower the payload or the burst, stop what else runs on this machine, or use more cores",
        ),
      );
    }
    if (role === "probes" && elu > LIMITS.probeElu) {
      reasons.push(
        invalid(
          "probe_saturated",
          `the probes' event loop was ${percent(elu)} busy, more than ${percent(LIMITS.probeElu)}: their latency includes their own queue`,
          "lower the rate or the payload, or run on a machine with more cores",
        ),
      );
    }
    if (role === "subscribers" && elu > LIMITS.workerEluInvalid) {
      reasons.push(
        invalid(
          "worker_saturated",
          `a worker's event loop (pid ${pid}) was ${percent(elu)} busy, more than ${percent(LIMITS.workerEluInvalid)}`,
          "lower the rate or the subscribers, or run on a machine with more cores",
        ),
      );
    } else if (role === "subscribers" && elu > LIMITS.workerEluInflated) {
      reasons.push(
        warning(
          "population_inflated",
          `a worker's event loop (pid ${pid}) was ${percent(elu)} busy: population_latency_ms includes its queue`,
          "read delivery_latency_ms, which the probes measured",
        ),
      );
    }
    if (runqWaitMs !== undefined && role !== "subscribers" && runqWaitMs / windowMs > LIMITS.runqWaitShare) {
      reasons.push(
        warning(
          "generator_waits_for_core",
          `the ${role === "probes" ? "probes" : "publisher"} waited ${runqWaitMs.toFixed(0)} ms of ${windowMs.toFixed(0)} ms for a core`,
          "stop what else runs on this machine, or use one with more cores",
        ),
      );
    }
  }
  return reasons;
}
