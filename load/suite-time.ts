import type { Scenario } from "./suite.ts";
import { isExtendable } from "./trial/warm-up.ts";

/** Boot, head start, drain, release and stop of a trial that is not overloaded, as they were seen; for the estimate only. */
const OVERHEAD_MS = 850;

/** Of each server process beside the first, and how many connections are closed in a ms. */
const BOOT_MS = 150;
const CLOSED_PER_MS = 25;

/** What the phases of a trial add up to, ms; an estimate, for boot and release take what they take, and a warm-up may be extended. */
export function expectedTrialMs({ subscribers, connectRate, instances, settleMs, warmupMs, durationMs }: Scenario): number {
  const opening = (subscribers / connectRate) * 1000 + (instances - 1) * BOOT_MS;
  return OVERHEAD_MS + opening + settleMs + warmupMs + durationMs + subscribers / CLOSED_PER_MS;
}

/** Whether it may take longer, for its warm-up is extended while the server is not steady. */
export function mayBeExtended({ warmupMs }: Scenario): boolean {
  return isExtendable(warmupMs);
}
