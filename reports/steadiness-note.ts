import type { Measurement } from "../load/measurement.ts";
import { counted } from "./figure-text.ts";

/** In how many trials the server was steady, was not, and could not be judged (METHOD R8); nothing where no trial says so. */
export function steadinessNote(measurements: readonly Pick<Measurement, "steadiness" | "phases">[]): string | undefined {
  const told = measurements.flatMap(({ steadiness }) => steadiness ?? []);
  if (told.length === 0) return undefined;
  const count = (...verdicts: readonly string[]): number => told.filter(({ window }) => verdicts.includes(window.verdict)).length;
  const extended = told.filter((each) => each.extended > 0).length;
  const rest = [
    [count("too-short"), "shorter than six seconds, too short to tell"],
    [count("no-data"), "without the data to tell"],
    [count("varied"), "at a rate that was to change"],
  ] as const;
  const phases = measurements.flatMap((each) => (each.steadiness?.window.verdict === "varied" ? (each.phases ?? []) : []));
  const phasesThat = (verdict: string): number => phases.filter(({ steadiness }) => steadiness.verdict === verdict).length;
  const judged = phasesThat("steady") + phasesThat("not-steady");
  return [
    `Of ${counted(told.length, "measured window")} ${count("steady")} had a steady CPU time per delivery and ${count("not-steady")} had not`,
    ...rest.filter(([windows]) => windows > 0).map(([windows, why]) => `; ${windows} ${windows === 1 ? "was" : "were"} ${why}`),
    judged === 0
      ? ""
      : `: of ${counted(judged, "phase")} at one rate and long enough ${phasesThat("steady")} ${phasesThat("steady") === 1 ? "was" : "were"} steady`,
    extended === 0 ? "." : `. ${counted(extended, "warm-up")} ${extended === 1 ? "was" : "were"} extended, for the server was not steady.`,
  ].join("");
}
