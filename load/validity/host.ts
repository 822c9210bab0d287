/** Did the machine have its cores for the measurement alone? */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { invalid, percent, warning } from "./reason.ts";

/** Codes of what the machine did to a measurement, beside what the server and the generator did. */
export const OF_THE_MACHINE: ReadonlySet<string> = new Set(["host_steal", "foreign_load", "cgroup_throttled"]);

export function hostReasons({ steal, foreign, throttled, samplesDue, samplesTaken, room }: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  if (steal !== undefined && steal > LIMITS.steal) {
    reasons.push(
      invalid(
        "host_steal",
        `the hypervisor took ${percent(steal)} of the CPU time`,
        "run on a machine that is not shared, or at another time",
      ),
    );
  }
  if (foreign !== undefined && foreign.cores / foreign.of > LIMITS.foreignShareNoticed) {
    const share = foreign.cores / foreign.of;
    const tooMuch = share > LIMITS.foreignShare;
    const limit = percent(tooMuch ? LIMITS.foreignShare : LIMITS.foreignShareNoticed);
    reasons.push(
      (tooMuch ? invalid : warning)(
        "foreign_load",
        `something else used ${foreign.cores.toFixed(2)} of ${foreign.of} cores, more than ${limit}`,
        "stop what else runs on this machine: `pushbench doctor` names it",
      ),
    );
  }
  if (throttled !== undefined && throttled > 0) {
    reasons.push(invalid("cgroup_throttled", `the container was throttled ${throttled} times`, "raise the container's CPU limit"));
  }
  if (samplesDue > 0 && samplesTaken / samplesDue < 1 - LIMITS.missingSamples) {
    reasons.push(
      warning(
        "samples_missing",
        `${samplesTaken} of ${samplesDue} resource samples were taken`,
        "stop what else runs on this machine: the coordinator was starved",
      ),
    );
  }
  for (const { what, used, of } of room) {
    if (used / of <= LIMITS.roomUsed) continue;
    reasons.push(
      warning(
        "room_short",
        `${used} of ${of} ${what} were in use, more than ${percent(LIMITS.roomUsed)}: the next limit met may be this machine's, not the server's`,
        "use fewer subscribers or more instances, or raise the limit: `pushbench doctor` tells how",
      ),
    );
  }
  return reasons;
}
