/** Which of two versions is loaded when: the phases of either's schedule; pure. */
import type { GateMode, VersionName } from "../gate-record.ts";
import type { Scenario, WorkloadPhase } from "../suite.ts";

/** Slices of each version in a round, and how long each is (METHOD, the gate): in a duet nobody waits for the other's. */
export const SLICES: Readonly<Record<GateMode, number>> = { interleaved: 6, duet: 12 };
const SLICE_MS = 500;
const WARM_UP_MS = 1000;
const SETTLE_MS = 200;
/** Memory a connection is a slope over so many steps; of fewer connections there is none to tell. */
const STEPS = 8;
const LEAST_FOR_STEPS = 500;

/** The same workload for each version, in a schedule that leaves the other its turns. */
export function turnsOf(scenario: Scenario, mode: GateMode, first: VersionName): Readonly<Record<VersionName, Scenario>> {
  const of = (version: VersionName): Scenario => {
    const phases = mode === "duet" ? together(scenario.rate / 2) : alternating(scenario.rate, version === first);
    return {
      ...scenario,
      phases,
      settleMs: SETTLE_MS,
      warmupMs: 0,
      durationMs: phases.reduce((sum, { durationMs }) => sum + durationMs, 0),
      steps: scenario.subscribers >= LEAST_FOR_STEPS ? STEPS : 1,
      thresholds: [],
    };
  };
  return { base: of("base"), head: of("head") };
}

/** Number of a slice, from 0, by the name of its phase; `undefined` of a warm-up, and where the other version has its turn. */
export function sliceOf(phaseName: string): number | undefined {
  const number = /^slice (\d+)$/.exec(phaseName)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}

function together(rate: number): WorkloadPhase[] {
  return [phase("warm-up", WARM_UP_MS, rate), ...Array.from({ length: SLICES.duet }, (_, i) => phase(`slice ${i + 1}`, SLICE_MS, rate))];
}

/** After a warm-up of both at once, at half the rate each, ABBA ABBA …: what drifts meets either version as much. */
function alternating(rate: number, isFirst: boolean): WorkloadPhase[] {
  let slice = 0;
  const turns = Array.from({ length: 2 * SLICES.interleaved }, (_, at) => (at % 4 === 0 || at % 4 === 3) === isFirst);
  return [
    phase("warm-up", WARM_UP_MS, rate / 2),
    ...turns.map((own, at) => (own ? phase(`slice ${++slice}`, SLICE_MS, rate) : phase(`rest ${at + 1}`, SLICE_MS, 0))),
  ];
}

function phase(name: string, durationMs: number, rate: number): WorkloadPhase {
  return { name, durationMs, startRate: rate, endRate: rate };
}
