/** Did the messages leave when they were due? METHOD R1. */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { beyond, invalid, percent } from "./reason.ts";

export function publisherReasons(facts: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  const { published, unsent, unanswered, intended, refused, refusedReason, phases } = facts;
  // What the whole window hides a phase may show, and its figures are stated too.
  const late = [{ ...facts, where: "" }, ...phases.map((phase) => ({ ...phase, where: ` in ${phase.name}` }))].find(isLate);
  if (late !== undefined) {
    const limit = lagLimit(late);
    reasons.push(
      invalid(
        "publisher_late",
        `the publisher was late${late.where}: publish_lag_ms p99 is ${beyond(late.lagP99Ms!, limit)}, more than ${limit.toFixed(2)}`,
        "stop what else runs on this machine, lower the rate, or use more cores",
      ),
    );
  }
  const slipped = phases.find(({ achieved = 1 }) => achieved < LIMITS.achieved);
  const lowerRate = "lower the rate: the server or the publisher could not take it";
  if (intended > 0 && (published - unsent) / intended < LIMITS.achieved) {
    reasons.push(
      invalid(
        "schedule_slipped",
        `${published - unsent} of ${intended} intended messages had left the publisher when the window ended, less than ${percent(LIMITS.achieved)}`,
        lowerRate,
      ),
    );
  } else if (slipped !== undefined) {
    const share = percent(slipped.achieved!);
    reasons.push(
      invalid(
        "schedule_slipped",
        `in ${slipped.name} ${share} of the intended messages were published, less than ${percent(LIMITS.achieved)}`,
        lowerRate,
      ),
    );
  }
  if (unanswered > 0) {
    reasons.push(
      invalid(
        "ingest_backlog",
        "the server did not say in time how many messages it took: it was still busy with what was published",
        "lower the rate or the payload",
      ),
    );
  }
  if (refused > 0) {
    reasons.push(
      invalid(
        "ingest_refused",
        `the server did not take ${refused} published messages${refusedReason === undefined ? "" : `: ${refusedReason}`}`,
        "see the server's limits on topics and message sizes",
      ),
    );
  }
  return reasons;
}

type Lag = Pick<ValidityFacts, "lagP99Ms" | "deliveryP99Ms">;

function lagLimit({ deliveryP99Ms = 0 }: Lag): number {
  return Math.max(LIMITS.lagMs, LIMITS.lagShareOfP99 * deliveryP99Ms);
}

function isLate(lag: Lag): boolean {
  return lag.lagP99Ms !== undefined && lag.lagP99Ms > lagLimit(lag);
}
