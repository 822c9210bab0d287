import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCatalog } from "../servers/catalog.ts";
import type { Measurement, RunRecord } from "./measurement.ts";
import { SCHEMA_VERSION } from "./measurement.ts";
import { planTrials } from "./plan.ts";
import type { TrialPlan } from "./plan.ts";
import { saveMeasurement, saveRecord, trialFile } from "./results.ts";
import { readStoppedRun } from "./stopped-run.ts";
import { parseSuite } from "./suite-file.ts";
import { serverName } from "./suite.ts";
import type { Suite } from "./suite.ts";

const catalog = await loadCatalog();
const SUITE = parseSuite("name: s\nservers: [sse-node, polling-node]\ntrials: 2\nseed: 5\nscenarios: [{ name: a }]\n", "s.yaml", catalog);

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-stopped-"))));
afterEach(() => rm(folder, { recursive: true }));

async function record(suite: Suite, unavailable: RunRecord["unavailable"] = []): Promise<void> {
  const part = { schemaVersion: SCHEMA_VERSION, status: "partial", suite, seed: suite.seed, unavailable } as const;
  await saveRecord(folder, part as unknown as RunRecord);
}

function measured({ index, repetition, server, transport, scenario, seed }: TrialPlan, status: Measurement["status"]): Measurement {
  const trial = { index, repetition, server: serverName(server), transport, seed };
  return { schemaVersion: SCHEMA_VERSION, status, trial, scenario, metrics: {}, histograms: {} } as unknown as Measurement;
}

test("the plan is what it was, and complete trials are kept; failed, partial, missing and damaged ones are not", async () => {
  const suite = { ...SUITE, trials: 3 };
  const { trials } = planTrials(suite, catalog);
  await record(suite);
  const outcomes = ["complete", "failed", "partial", undefined, "complete", "complete"] as const;
  for (const [i, status] of outcomes.entries()) if (status !== undefined) await saveMeasurement(folder, measured(trials[i]!, status));
  const damaged = trialFile(5, serverName(trials[4]!.server), "a");
  await writeFile(join(folder, "trials", damaged), '{"schemaVersion": 1, "tri');

  const { plans, kept } = await readStoppedRun(folder);
  expect(plans).toEqual(trials);
  expect(kept.map(({ trial }) => trial.index)).toEqual([1, 6]);
});

test("a server that could not run when it began stays out of the plan, though it can run now", async () => {
  await record({ ...SUITE, servers: ["sse-node", "polling-node", "websocket-ws"] }, [{ server: "websocket-ws", reason: "no binary" }]);
  expect((await readStoppedRun(folder)).plans).toEqual(planTrials(SUITE, catalog).trials);
});

test("a run with trials of a server that cannot run here is refused with the reason", async () => {
  await record({ ...SUITE, servers: ["sse-node", "gone"] });
  await expect(readStoppedRun(folder)).rejects.toThrow(/cannot go on here.*gone: it is not in the catalogue/);
});

test("a folder without run.json, of another version, or without its suite is refused with what to do", async () => {
  await expect(readStoppedRun(folder)).rejects.toThrow(`is no results folder: there is no ${join(folder, "run.json")}`);
  await writeFile(join(folder, "run.json"), '{"schemaVersion": 99}');
  await expect(readStoppedRun(folder)).rejects.toThrow("schemaVersion 99 where this pushbench reads 1");
  await writeFile(join(folder, "run.json"), '{"schemaVersion": 1, "suite": {"name": "quick"}}');
  await expect(readStoppedRun(folder)).rejects.toThrow("does not hold its suite, for an older pushbench wrote it: begin the run anew");
});

test("a trial that the run does not plan is not mixed in", async () => {
  await record(SUITE);
  await mkdir(join(folder, "trials"));
  await writeFile(join(folder, "trials", "009-sse-node-a.json"), "{}");
  await expect(readStoppedRun(folder)).rejects.toThrow(/009-sse-node-a\.json is no trial that this run plans/);
});
