/** What a textbook says, and what it is judged by. */
import type { ExperimentName } from "../../load/textbook-record.ts";
import type { Spread } from "../statistics.ts";

export interface Claim {
  /** The sentence, as textbooks have it. */
  readonly says: string;
  judge(evidence: Evidence): Finding;
}

/** A claim beside what was measured. */
export interface ClaimResult extends Finding {
  readonly claim: string;
}

export interface Finding {
  /** `part`: in some of the workloads; `open`: what it takes was not measured, or cannot be believed. */
  readonly verdict: "holds" | "fails" | "part" | "open";
  /** The figures, in words; or why there are none. */
  readonly measured: string;
}

export interface Evidence {
  /** Names of the scenarios that were run. */
  readonly scenarios: readonly string[];
  /** A metric of a valid cell; `undefined` where there is none. */
  metric(scenario: string, server: string, name: string): Spread | undefined;
  /** The same of what is counted: it stands whatever made the latencies of the cell invalid. */
  counted(scenario: string, server: string, name: string): Spread | undefined;
  /** A parameter of the workload. */
  parameter(scenario: string, name: string): number | undefined;
  /** Figures of an experiment; `undefined` where it has none. */
  figures(name: ExperimentName): Readonly<Record<string, number>> | undefined;
  /** Why an experiment has no figures. */
  reason(name: ExperimentName): string;
}

export function open(measured: string): Finding {
  return { verdict: "open", measured };
}

export function judged(holds: boolean, measured: string): Finding {
  return { verdict: holds ? "holds" : "fails", measured };
}

/** Of an experiment, where it has all of these figures. */
export function fromExperiment<Name extends string>(
  name: ExperimentName,
  needed: readonly Name[],
  judge: (figures: Readonly<Record<Name, number>>) => Finding,
): Claim["judge"] {
  return (evidence) => {
    const figures = evidence.figures(name);
    if (figures === undefined) return open(evidence.reason(name));
    const missing = needed.filter((each) => figures[each] === undefined);
    return missing.length > 0 ? open(`this machine does not tell ${missing.join(", ")}`) : judge(figures);
  };
}
