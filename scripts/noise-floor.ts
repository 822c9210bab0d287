/** Measures a version against itself, and keeps what that shows for this class of machine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GateQuestion } from "../load/gate-record.ts";
import { runGate } from "../load/gate.ts";
import type { ReadyVersion } from "../load/gate.ts";
import { keepNoise, machineClass } from "../load/noise-file.ts";
import type { NoiseRecord } from "../load/noise-record.ts";
import { readSuite } from "../load/suite-file.ts";
import { noiseOf, sightsOf } from "../reports/gate-noise.ts";
import type { Sight } from "../reports/gate-noise.ts";
import { loadCatalog } from "../servers/catalog.ts";
import { GATE_QUESTION, GATE_SUITE } from "./gate-question.ts";
import { chooseFromSuite } from "./suite-choice.ts";

export interface NoiseFlags {
  readonly server?: readonly string[];
  readonly rounds?: number;
  readonly noiseFile: string;
}

export interface MeasuredNoise {
  readonly record: NoiseRecord;
  readonly question: GateQuestion;
  readonly sights: readonly Sight[];
}

/** The same program on either side. */
const ITSELF: ReadyVersion = {
  version: { asked: "itself", kind: "folder" },
  startable: (server) => ({ server }),
  dispose: async () => {},
};

/** Throws what stops it, an interruption included: half a measurement of noise is none. */
export async function measureNoise(
  { server, rounds, noiseFile }: NoiseFlags,
  signal: AbortSignal,
  tell: (line: string) => void,
): Promise<MeasuredNoise> {
  const catalog = await loadCatalog();
  const suite = chooseFromSuite(await readSuite(GATE_SUITE, catalog), server === undefined ? {} : { server }, catalog);
  const question = { ...GATE_QUESTION, rounds: rounds ?? GATE_QUESTION.rounds };
  const directory = await mkdtemp(join(tmpdir(), "pushbench-noise-"));
  try {
    const gate = await runGate(
      {
        ...{ suite, question, directory, seed: suite.seed },
        versions: { base: ITSELF, head: ITSELF },
        command: "pushbench doctor --noise",
        mode: "auto",
        budgetMs: Infinity,
      },
      {
        signal,
        onRound: ({ server: name, durationMs }, { done, planned, leftMs }) =>
          tell(`round ${done}/${planned}  ${name}  ${(durationMs / 1000).toFixed(1)} s, about ${Math.ceil(leftMs / 60_000)} min left`),
      },
    );
    signal.throwIfAborted();
    const cells = noiseOf(gate);
    const record: NoiseRecord = {
      machine: machineClass(gate.record.environment),
      measuredAt: gate.record.startedAt,
      mode: gate.record.mode,
      rounds: question.rounds,
      cells,
    };
    await keepNoise(noiseFile, record);
    return { record, question, sights: sightsOf(cells, question) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
