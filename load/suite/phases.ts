/** Phases as they are written, and what is wrong with them beside other fields: their names, thresholds, and what they stand in the place of. */
import { ONLY_PHASE_METRICS, PHASE_METRICS } from "../metric.ts";
import { nearest } from "../nearest.ts";
import { dueInPhase } from "../suite.ts";
import type { WorkloadPhase } from "../suite.ts";
import type { PlacedThreshold, Workload } from "./contradictions.ts";
import type { ScenarioForm, WorkloadForm } from "./schema.ts";
import type { Finding, Path } from "./source.ts";

type PhaseForms = NonNullable<WorkloadForm["phases"]>;

/** What the phases come to, or the one rate and duration. Rates per second, times in ms. */
export interface Load {
  /** Mean over the window. */
  readonly rate: number;
  /** Of the warm-up, and of the first moment of the window. */
  readonly startRate: number;
  readonly peakRate: number;
  readonly duration: number;
}

/** The phases with the rates they begin and end with; `rate` is that of the scenario. */
export function resolvePhases(forms: PhaseForms, rate: number): WorkloadPhase[] {
  let before = rate;
  return forms.map(({ name, duration, rate: own = rate, shape }) => {
    const startRate = shape === "ramp" ? before : own;
    before = own;
    return { name, durationMs: duration, startRate, endRate: own };
  });
}

export function loadOf({ rate, duration }: Pick<Workload, "rate" | "duration">, phases: readonly WorkloadPhase[] | undefined): Load {
  if (phases === undefined) return { rate, startRate: rate, peakRate: rate, duration };
  const total = phases.reduce((ms, { durationMs }) => ms + durationMs, 0);
  return {
    rate: phases.reduce((due, phase) => due + dueInPhase(phase), 0) / (total / 1000),
    startRate: phases[0]!.startRate,
    peakRate: Math.max(...phases.flatMap(({ startRate, endRate }) => [startRate, endRate])),
    duration: total,
  };
}

/** Defaults without what a scenario puts something else in the place of: its phases for a duration, its duration for phases. */
export function withoutReplaced(defaults: WorkloadForm, form: WorkloadForm): WorkloadForm {
  const { duration, phases, ...rest } = defaults;
  return {
    ...rest,
    ...(duration === undefined || form.phases !== undefined ? {} : { duration }),
    ...(phases === undefined || form.duration !== undefined ? {} : { phases }),
  };
}

interface Layers {
  readonly index: number;
  readonly form: ScenarioForm;
  readonly defaults: WorkloadForm;
}

/** A duration beside phases, a rate beside phases that each have their own, and names that are there twice. */
export function checkPhaseFields(
  { index, form, defaults }: Layers,
  axes: readonly { readonly field: string; readonly path: Path }[],
): Finding[] {
  const own: Path = ["scenarios", index];
  const inDefaults: Path = ["defaults"];
  const phases = form.phases ?? (form.duration === undefined ? defaults.phases : undefined);
  if (phases === undefined) return [];
  const base = form.phases === undefined ? inDefaults : own;
  const layer = form.phases === undefined ? defaults : form;
  const axis = (field: string): Path | undefined => axes.find((each) => each.field === field)?.path;
  const duration = layer.duration === undefined ? axis("duration") : [...base, "duration"];
  // Phases that are all at rates of their own and begin with a step leave a rate nothing to say. One in the defaults is for others as well.
  const needsRate = phases[0]!.shape === "ramp" || phases.some(({ rate }) => rate === undefined);
  const rate = needsRate ? undefined : form.rate === undefined ? axis("rate") : [...own, "rate"];
  return [
    ...(duration === undefined
      ? []
      : [{ path: duration, atKey: true, message: "phases have a duration each", expected: "duration or phases" }]),
    ...(rate === undefined
      ? []
      : [{ path: rate, atKey: true, message: "every phase has a rate of its own", expected: "rate, or phases that each have one" }]),
    ...phases.flatMap(({ name }, at): Finding[] =>
      phases.findIndex((other) => other.name === name) === at
        ? []
        : [{ path: [...base, "phases", at, "name"], message: `phase "${name}" exists already`, expected: "a name of its own" }],
    ),
  ];
}

/** Thresholds of a phase that there is not, and of a figure that is not measured of a phase, or only of one. */
export function checkPhasesOfThresholds(
  thresholds: readonly PlacedThreshold[],
  own: Path,
  phases: readonly WorkloadPhase[] | undefined = [],
): Finding[] {
  const names = phases.map(({ name }) => name);
  return thresholds.flatMap(({ at, threshold: { metric, phase } }): Finding[] => {
    const path = [...own, "thresholds", at];
    if (phase === undefined) {
      if (!ONLY_PHASE_METRICS.has(metric)) return [];
      return [{ path, message: `${metric} is measured of phases alone`, expected: "a field phase beside the check" }];
    }
    if (!names.includes(phase)) {
      const suggestion = nearest(phase, names);
      const expected = names.length === 0 ? "no phase, for the scenario has none" : `one of ${names.join(", ")}`;
      return [
        { path: [...path, "phase"], message: `unknown phase "${phase}"`, expected, ...(suggestion === undefined ? {} : { suggestion }) },
      ];
    }
    if (PHASE_METRICS.has(metric)) return [];
    return [
      { path: [...path, "check"], message: `${metric} is not measured of a phase`, expected: `one of ${[...PHASE_METRICS].join(", ")}` },
    ];
  });
}
