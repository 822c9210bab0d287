/** Can a difference of two times be believed? METHOD R4, R5. */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { invalid } from "./reason.ts";

export function clockReasons({ clockErrors, clockStepNs, overflow }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  if (clockErrors > 0) {
    reasons.push(
      invalid(
        "clock_error",
        `${clockErrors} latencies were negative: the processes do not share a clock`,
        "run publisher and subscribers on one host",
      ),
    );
  }
  if (clockStepNs > LIMITS.clockStepNs) {
    reasons.push(
      invalid(
        "clock_coarse",
        Number.isFinite(clockStepNs)
          ? `the clock goes in steps of ${(clockStepNs / 1e6).toPrecision(2)} ms, more than ${LIMITS.clockStepNs / 1e6}`
          : "the clock did not go on while it was read a hundred thousand times",
        "see /sys/devices/system/clocksource/clocksource0/current_clocksource: tsc, kvm-clock or arch_sys_counter are fine",
      ),
    );
  }
  if (overflow > 0) {
    reasons.push(invalid("latency_overflow", `${overflow} latencies were longer than an hour`, "shorten the trial"));
  }
  return reasons;
}
