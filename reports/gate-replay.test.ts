import { expect, test } from "vitest";
import type { GateRound } from "../load/gate-record.ts";
import { seededRandom } from "../load/random.ts";
import { fixtureGate } from "./fixture-gate.ts";
import { replaySame, replayWorse } from "./gate-replay.ts";
import type { RoundPools } from "./gate-replay.ts";

const CPU = "server_cpu_us_per_delivery";
const SERVERS = ["sse-node", "websocket-ws"];

/** Twenty rounds of each server, in which head has so much of the CPU time of base. */
function pool(change: number, seed: number): Map<string, GateRound[]> {
  const { rounds } = fixtureGate({ servers: SERVERS, seed, sigma: 0.03, change: { [CPU]: change }, question: { rounds: 20 } });
  return new Map(SERVERS.map((server) => [server, rounds.filter((round) => round.server === server)]));
}

function pools(worse: number): RoundPools {
  const { cells, question, mode, environment } = fixtureGate({ servers: SERVERS }).record;
  return { cells, question, mode, environment, same: pool(1, 1), worse: pool(worse, 2) };
}

test("a version against itself all but never fails", () => {
  const { gates, verdicts } = replaySame(pools(1), 150, seededRandom(1));
  expect(gates).toBe(150);
  expect(verdicts.fail).toBeLessThanOrEqual(3);
  expect(verdicts.pass + verdicts.inconclusive + verdicts.invalid + verdicts.fail).toBe(150);
});

test("a server that is worse by far fails in all of them, and by the metric that is worse", () => {
  const { verdicts, failed } = replayWorse(pools(1.25), 60, seededRandom(1));
  expect(verdicts.fail).toBe(60);
  expect(failed).toEqual({ [CPU]: 60 });
});

test("the same seed draws the same gates", () => {
  expect(replayWorse(pools(1.08), 20, seededRandom(4))).toEqual(replayWorse(pools(1.08), 20, seededRandom(4)));
});
