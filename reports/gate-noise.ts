/** How much the figures of a version differ from themselves, and what a gate can see because of it; pure. */
import { VERSIONS } from "../load/gate-record.ts";
import type { GateQuestion, GateRound, SavedGate } from "../load/gate-record.ts";
import type { Noise, NoiseCell, NoiseRecord } from "../load/noise-record.ts";
import { boundsOf, pairOf } from "./gate-ratio.ts";
import type { GateRemark } from "./gate-report.ts";
import { roundsOf, usable } from "./gate-rounds.ts";
import { changeText, shareText } from "./gate-text.ts";
import { mean } from "./statistics.ts";
import { detectableChange, deviation, roundsFor } from "./ratio.ts";

/** Of a gate whose two versions are the same one; metrics of which there are fewer than three rounds are absent. */
export function noiseOf(gate: SavedGate): NoiseCell[] {
  const { metrics, watched = [] } = gate.record.question;
  return gate.record.cells.map((cell) => {
    const pass = roundsOf(gate, cell, "first");
    const entries = [...new Set([...metrics, ...watched])].flatMap((metric) => {
      const noise = noiseOfMetric(usable(pass, metric), metric);
      return noise === undefined ? [] : [[metric, noise] as const];
    });
    return { server: cell.server, scenario: cell.scenario.name, metrics: Object.fromEntries(entries) };
  });
}

/** Below them a deviation is a guess. */
const LEAST_ROUNDS = 3;

/** Of rounds of a version against itself, whatever else is wrong with them; `undefined` of too few. */
export function noiseOfMetric(rounds: readonly GateRound[], metric: string): Noise | undefined {
  const pairs = rounds.flatMap((round) => pairOf(round, metric) ?? []);
  if (pairs.length < LEAST_ROUNDS) return undefined;
  const alone = VERSIONS.map((version) => deviation(pairs.map((pair) => Math.log(pair[version]))));
  return { paired: deviation(pairs.map(({ log }) => log)), alone: Math.max(...alone), rounds: pairs.length };
}

/** What head had more of a metric than base, as a share: the geometric mean over these rounds; `undefined` where none has it. */
export function effectOnMetric(rounds: readonly GateRound[], metric: string): number | undefined {
  const logs = rounds.flatMap((round) => pairOf(round, metric)?.log ?? []);
  return logs.length === 0 ? undefined : Math.expm1(mean(logs));
}

/** What a gate of so many rounds can see of a metric. */
export interface Sight {
  readonly server: string;
  readonly scenario: string;
  readonly metric: string;
  readonly noise: Noise;
  /** Δ of the metric, and the smallest change that can be told from δ, as shares. */
  readonly limit: number;
  readonly detectable: number;
  /** Rounds that Δ needs; Infinity where none would do. */
  readonly roundsNeeded: number;
}

/** Metric by metric within each cell. */
export function sightsOf(cells: readonly NoiseCell[], question: GateQuestion): Sight[] {
  return cells.flatMap(({ server, scenario, metrics }) =>
    Object.entries(metrics).map(([metric, noise]) => {
      const { delta, limit } = boundsOf(question, metric);
      const detectable = detectableChange(noise.paired, question.rounds, delta);
      return { server, scenario, metric, noise, limit, detectable, roundsNeeded: roundsFor(noise.paired, delta, limit) };
    }),
  );
}

/** What this class of machine has to say of a gate's limits beforehand; where nothing is known, that. */
export function noiseRemarks(record: NoiseRecord | undefined, { record: { question, cells } }: Pick<SavedGate, "record">): GateRemark[] {
  if (record === undefined) return [{ text: "the noise floor of this machine is not known: `pushbench doctor --noise` measures it" }];
  const gated = record.cells.filter(({ server, scenario }) =>
    cells.some((cell) => cell.server === server && cell.scenario.name === scenario),
  );
  return sightsOf(gated, question)
    .filter(({ metric, detectable, limit }) => question.metrics.includes(metric) && detectable > limit)
    .map(({ server, metric, limit, detectable, roundsNeeded }) => ({
      text:
        `${server}: a limit of ${shareText(limit)} on ${metric} is below the noise floor: ${question.rounds} rounds show changes of ` +
        `${changeText(detectable)} on this machine, and ${Number.isFinite(roundsNeeded) ? `${roundsNeeded} rounds` : "no number of rounds"} would show ${shareText(limit)}`,
    }));
}

/** By metric, the change that two runs of one version show on such a machine at times: twice the deviation of either, as a share. */
export function floorOf(record: NoiseRecord): Record<string, number> {
  const floors: Record<string, number> = {};
  for (const { metrics } of record.cells) {
    for (const [metric, { alone }] of Object.entries(metrics)) {
      floors[metric] = Math.max(floors[metric] ?? 0, Math.expm1(2 * Math.SQRT2 * alone));
    }
  }
  return floors;
}
