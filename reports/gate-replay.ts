/** Gates that could have been: rounds that were made are drawn anew, with their place put back, and judged as any gate's are; pure. */
import { GATE_SCHEMA_VERSION } from "../load/gate-record.ts";
import type { GateCell, GateMode, GateQuestion, GateRecord, GateRound, SavedGate } from "../load/gate-record.ts";
import { judgeGate, needsConfirmation } from "./gate.ts";
import type { GateReport, GateVerdict } from "./gate-report.ts";

/** Rounds of the same cells, in which head was base itself, or worse by a known part. */
export interface RoundPools {
  readonly cells: readonly GateCell[];
  readonly question: GateQuestion;
  readonly mode: GateMode;
  readonly environment: GateRecord["environment"];
  /** By server. */
  readonly same: ReadonlyMap<string, readonly GateRound[]>;
  readonly worse: ReadonlyMap<string, readonly GateRound[]>;
}

/** What became of so many gates. */
export interface Replayed {
  readonly gates: number;
  readonly verdicts: Readonly<Record<GateVerdict, number>>;
  /** Gates in which this metric failed where it was worse, by its name; of a gate of the same versions, anywhere. */
  readonly failed: Readonly<Record<string, number>>;
}

/** Gates of a version against itself: each that fails is a false alarm. */
export function replaySame(pools: RoundPools, gates: number, random: () => number): Replayed {
  return replay(gates, () => ({ report: judgeDrawn(pools, undefined, random), worse: undefined }));
}

/** Gates in which one server of them, by chance, is worse, and the others are what they were: its checks should fail. */
export function replayWorse(pools: RoundPools, gates: number, random: () => number): Replayed {
  return replay(gates, () => {
    const worse = pools.cells[Math.floor(random() * pools.cells.length)]!.server;
    return { report: judgeDrawn(pools, worse, random), worse };
  });
}

function replay(gates: number, judgeOne: () => { readonly report: GateReport; readonly worse: string | undefined }): Replayed {
  const verdicts = { pass: 0, fail: 0, inconclusive: 0, invalid: 0 };
  const failed: Record<string, number> = {};
  for (let i = 0; i < gates; i++) {
    const { report, worse } = judgeOne();
    verdicts[report.verdict]++;
    const metrics = report.checks.filter(({ verdict, server }) => verdict === "fail" && (worse === undefined || server === worse));
    for (const metric of new Set(metrics.map((check) => check.metric))) failed[metric] = (failed[metric] ?? 0) + 1;
  }
  return { gates, verdicts, failed };
}

function judgeDrawn(pools: RoundPools, worse: string | undefined, random: () => number): GateReport {
  const drawn = (pass: GateRound["pass"], cells: readonly GateCell[], made: number): GateRound[] =>
    cells.flatMap(({ server }, at) => {
      const pool = (server === worse ? pools.worse : pools.same).get(server)!;
      return Array.from({ length: pools.question.rounds }, (_, i): GateRound => {
        const index = made + at * pools.question.rounds + i + 1;
        return { ...pool[Math.floor(random() * pool.length)]!, index, pass, round: i + 1 };
      });
    });
  const first: SavedGate = { directory: "", record: recordOf(pools), rounds: drawn("first", pools.cells, 0) };
  const again = needsConfirmation(first);
  if (again.length === 0) return judgeGate(first, [], "");
  return judgeGate({ ...first, rounds: [...first.rounds, ...drawn("confirmation", again, first.rounds.length)] }, [], "");
}

function recordOf({ cells, question, mode, environment }: RoundPools): GateRecord {
  const version = { asked: "replayed", kind: "folder" } as const;
  return {
    schemaVersion: GATE_SCHEMA_VERSION,
    status: "complete",
    command: "replayed",
    startedAt: "",
    seed: 0,
    versions: { base: version, head: version },
    suite: { name: "gate", file: "" },
    question,
    cells,
    unavailable: [],
    mode,
    modeReason: "",
    environment,
  };
}
