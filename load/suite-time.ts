import type { Scenario } from "./suite.ts";
import { isExtendable } from "./trial/warm-up.ts";

/** Boot, head start, drain, release and stop of a trial that is not overloaded, as they were seen; for the estimate only. */
const OVERHEAD_MS = 850;

/** What the phases of a trial add up to, ms; an estimate, for boot and release take what they take, and a warm-up may be extended. */
export function expectedTrialMs({ subscribers, connectRate, settleMs, warmupMs, durationMs }: Scenario): number {
  return OVERHEAD_MS + (subscribers / connectRate) * 1000 + settleMs + warmupMs + durationMs;
}

/** Whether it may take longer, for its warm-up is extended while the server is not steady. */
export function mayBeExtended({ warmupMs }: Scenario): boolean {
  return isExtendable(warmupMs);
}
