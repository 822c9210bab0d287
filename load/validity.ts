/** Can the figures be believed? The rules of METHOD R6, and what else would make a figure wrong; pure. */
import type { Validity } from "./measurement.ts";
import type { ValidityFacts } from "./validity/facts.ts";
import { clockReasons } from "./validity/clock.ts";
import { generatorReasons } from "./validity/generator.ts";
import { hostReasons } from "./validity/host.ts";
import { absenceReasons, loopReasons, probeReasons } from "./validity/percentiles.ts";
import { publisherReasons } from "./validity/publisher.ts";
import { steadinessReasons } from "./validity/steadiness.ts";
import { brokenReasons, foreignReasons, serverReasons, silenceReasons } from "./validity/target.ts";

export { OF_THE_MACHINE } from "./validity/host.ts";
export { LIMITS } from "./validity/limits.ts";
export type { RoomUse, ValidityFacts } from "./validity/facts.ts";

export function judge(facts: ValidityFacts): Validity {
  const reasons = [
    ...generatorReasons(facts),
    ...publisherReasons(facts),
    ...clockReasons(facts),
    ...hostReasons(facts),
    ...foreignReasons(facts),
    ...silenceReasons(facts),
    ...brokenReasons(facts),
    ...serverReasons(facts),
    ...steadinessReasons(facts),
    ...loopReasons(facts),
    ...probeReasons(facts),
    ...absenceReasons(facts),
  ];
  return { valid: reasons.every(({ severity }) => severity !== "invalid"), reasons };
}
