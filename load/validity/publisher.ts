/** Did the messages leave when they were due? METHOD R1. */
import type { ValidityReason } from "../measurement.ts";
import type { ValidityFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { invalid, percent } from "./reason.ts";

export function publisherReasons(facts: ValidityFacts): ValidityReason[] {
  const reasons: ValidityReason[] = [];
  const { lagP99Ms, deliveryP99Ms, published, unsent, unanswered, intended, refused, refusedReason } = facts;
  const lagLimit = Math.max(LIMITS.lagMs, LIMITS.lagShareOfP99 * (deliveryP99Ms ?? 0));
  if (lagP99Ms !== undefined && lagP99Ms > lagLimit) {
    reasons.push(
      invalid(
        "publisher_late",
        `the publisher was late: publish_lag_ms p99 is ${lagP99Ms.toFixed(2)}, more than ${lagLimit.toFixed(2)}`,
        "stop what else runs on this machine, lower the rate, or use more cores",
      ),
    );
  }
  if (intended > 0 && (published - unsent) / intended < LIMITS.achieved) {
    reasons.push(
      invalid(
        "schedule_slipped",
        `${published - unsent} of ${intended} intended messages had left the publisher when the window ended, less than ${percent(LIMITS.achieved)}`,
        "lower the rate: the server or the publisher could not take it",
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
