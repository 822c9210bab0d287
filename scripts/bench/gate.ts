/** `npm run bench:gate`: how often a gate is wrong, and what it catches, on this machine (METHOD R12). */
import { availableParallelism } from "node:os";
import { Command } from "commander";
import { readEnvironment } from "../../load/environment.ts";
import { beginStudy, FAULTS, liveGate, MODE_OF, recordRounds } from "../../load/gate-study.ts";
import type { GateStudy, LiveGate, Neighbourhood, Planted } from "../../load/gate-study.ts";
import { seededRandom } from "../../load/random.ts";
import { judgeGate, needsConfirmation } from "../../reports/gate.ts";
import { replaySame, replayWorse } from "../../reports/gate-replay.ts";
import type { RoundPools } from "../../reports/gate-replay.ts";
import { GATE_QUESTION } from "../gate-question.ts";
import { countOption, option } from "../option.ts";
import { formatGateStudy } from "./gate-text.ts";
import type { Condition } from "./gate-text.ts";
import { studyFiles } from "./gate-study-files.ts";
import type { StudyFiles } from "./gate-study-files.ts";
import { interruptible } from "../interruptible.ts";

const NEIGHBOURHOODS = ["quiet", "busy"] as const satisfies readonly Neighbourhood[];
const PLANTED = ["nothing", "10 %", "5 %"] as const satisfies readonly Planted[];
/** What is only reported as it is has half the rounds, and none beside neighbours. */
const roundsOf = (rounds: number, planted: Planted, neighbourhood: Neighbourhood): number =>
  planted !== "5 %" ? rounds : neighbourhood === "quiet" ? Math.ceil(rounds / 2) : 0;
const PARTS = ["record", "live", "faults"] as const;

interface Options {
  readonly out: string;
  readonly rounds: number;
  readonly replays: number;
  readonly live: number;
  readonly only?: readonly (typeof PARTS)[number][];
  readonly json?: boolean;
}

await new Command("bench:gate")
  .description(
    "Record rounds of versions that are the same and that are worse by a known part, replay gates on them, run gates, and count.",
  )
  .addHelpText(
    "after",
    "\nTwo hours and a half, in which nothing else should run; what was made is kept in --out, and a stop is gone on from.\n",
  )
  .addOption(option("--out <folder>", "where rounds and gates are kept").default("results/bench-gate"))
  .addOption(countOption("--rounds <count>", "rounds of each server and kind that are recorded", 6, 1000).default(20))
  .addOption(countOption("--replays <count>", "gates that are replayed in each neighbourhood", 100, 1_000_000).default(20_000))
  .addOption(countOption("--live <count>", "gates of each kind that are run", 0, 1000).default(10))
  .addOption(option("--only <parts...>", "make only these, and show all there is").choices(PARTS))
  .addOption(option("--json", "print the figures as one JSON document"))
  .action(async ({ out, rounds, replays, live, only = PARTS, json = false }: Options) => {
    await interruptible(async (signal) => {
      const files = await studyFiles(out);
      const study = await beginStudy(await files.costs(), signal);
      await files.saveCosts(study.costs);
      if (only.includes("record")) await record(study, files, rounds, signal);
      if (only.includes("live")) await runLive(study, files, liveGates(study, live), 0, signal);
      if (only.includes("faults")) await runLive(study, files, faultGates(live === 0 ? 0 : 1), 1000, signal);
      const environment = await readEnvironment(process.cwd());
      const conditions = await Promise.all(NEIGHBOURHOODS.map((each) => conditionOf(each, study, files, replays, environment)));
      const gates = await files.gates();
      const machine = { cores: availableParallelism(), node: process.version };
      if (json) {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, machine, question: GATE_QUESTION, conditions, gates }, null, 2)}\n`);
      } else {
        process.stdout.write(
          `${formatGateStudy(conditions, gates)}\n\n${study.cells.length} servers, ${machine.cores} cores, Node ${machine.node}\n`,
        );
      }
    });
  })
  .parseAsync();

function partOf(neighbourhood: Neighbourhood, planted: Planted): string {
  return `${neighbourhood}-${planted.replace(" %", "pc")}`;
}

/** Round by round in turns over what is planted, so that an hour of the machine is not one kind's. */
async function record(study: GateStudy, files: StudyFiles, rounds: number, signal: AbortSignal): Promise<void> {
  for (const neighbourhood of NEIGHBOURHOODS) {
    for (const [at, planted] of PLANTED.entries()) {
      const part = partOf(neighbourhood, planted);
      const made = (await files.rounds(part)).length;
      const each = roundsOf(rounds, planted, neighbourhood);
      const wanted = each * study.cells.length;
      if (made >= wanted) continue;
      await recordRounds(study, { planted, neighbourhood, rounds: each, made, firstSeed: 10_000 * (at + 1) }, signal, async (round) => {
        await files.saveRound(part, round);
        process.stderr.write(`${part} ${round.index}/${wanted}: ${round.server}, ${(round.durationMs / 1000).toFixed(1)} s\n`);
      });
    }
  }
}

/** As many of each kind, over the servers in turn, on the machine as it is and beside neighbours by turns. */
function liveGates({ cells }: GateStudy, count: number): Omit<LiveGate, "question">[] {
  return (["nothing", "10 %"] as const).flatMap((head, kind) =>
    Array.from({ length: count }, (_, i) => ({
      head,
      neighbourhood: NEIGHBOURHOODS[i % 2]!,
      server: cells[(i >> 1) % cells.length]!.server,
      seed: 100_000 * (kind + 1) + 1000 * i,
    })),
  );
}

/** On a server whose source they are in. */
function faultGates(count: number): Omit<LiveGate, "question">[] {
  return FAULTS.flatMap((head, kind) =>
    Array.from({ length: count }, (_, i) => ({
      head,
      neighbourhood: "quiet" as const,
      server: "sse-node",
      seed: 900_000 + 10_000 * kind + 1000 * i,
    })),
  );
}

async function runLive(
  study: GateStudy,
  files: StudyFiles,
  gates: readonly Omit<LiveGate, "question">[],
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  const made = await files.gates();
  for (const [at, gate] of gates.entries()) {
    if (
      made.some(
        ({ head, neighbourhood, server, seed }) =>
          head === gate.head && neighbourhood === gate.neighbourhood && server === gate.server && seed === gate.seed,
      )
    )
      continue;
    const saved = await liveGate(study, { ...gate, question: GATE_QUESTION }, (first) => needsConfirmation(first), signal);
    const report = judgeGate(saved, [], "");
    const secondsOf = (pass: string): number =>
      saved.rounds.reduce((sum, each) => sum + (each.pass === pass ? each.durationMs / 1000 : 0), 0);
    const failed = report.checks.filter(({ verdict }) => verdict === "fail").map(({ metric }) => metric);
    const seconds = { first: secondsOf("first"), confirmation: secondsOf("confirmation") };
    await files.saveGate(offset + at + 1, { ...gate, verdict: report.verdict, failed, seconds });
    process.stderr.write(
      `gate ${at + 1}/${gates.length}, ${gate.server}, head ${gate.head}: ${report.verdict}${failed.length > 0 ? `, ${failed.join(", ")}` : ""}\n`,
    );
  }
}

async function conditionOf(
  neighbourhood: Neighbourhood,
  { cells }: GateStudy,
  files: StudyFiles,
  replays: number,
  environment: RoundPools["environment"],
): Promise<Condition> {
  const [same, ten, five] = await Promise.all(
    PLANTED.map(async (planted) => {
      const rounds = await files.rounds(partOf(neighbourhood, planted));
      return new Map(cells.map(({ server }) => [server, rounds.filter((round) => round.server === server)]));
    }),
  );
  const recorded = { same: roundsIn(same!), ten: roundsIn(ten!), five: roundsIn(five!) };
  const isMissing = (pools: ReadonlyMap<string, readonly unknown[]>): boolean => [...pools.values()].some(({ length }) => length === 0);
  if (isMissing(same!) || isMissing(ten!)) return { neighbourhood, recorded };
  const pools = { cells, question: GATE_QUESTION, mode: MODE_OF[neighbourhood], environment, same: same! };
  const half = Math.ceil(replays / 2);
  const seconds = [...same!.values()].flat().map(({ durationMs }) => durationMs / 1000);
  return {
    neighbourhood,
    recorded,
    replayed: {
      same: replaySame({ ...pools, worse: ten! }, half, seededRandom(1)),
      ten: replayWorse({ ...pools, worse: ten! }, half, seededRandom(2)),
      ...(isMissing(five!) ? {} : { five: replayWorse({ ...pools, worse: five! }, half, seededRandom(3)) }),
    },
    gateMinutes: (cells.length * GATE_QUESTION.rounds * seconds.reduce((sum, each) => sum + each, 0)) / seconds.length / 60,
    pools: pools.same,
    worse: new Map([
      ["10 %", ten!],
      ["5 %", five!],
    ]),
  };
}

function roundsIn(pools: ReadonlyMap<string, readonly unknown[]>): number {
  return [...pools.values()].reduce((sum, pool) => sum + pool.length, 0);
}
