import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { baselineOfGate, baselineOfRun } from "../../reports/baseline-of-run.ts";
import { fixtureCapacity } from "../../reports/fixture-capacity.ts";
import { fixtureComparison } from "../../reports/fixture-comparison.ts";
import { fixtureGate } from "../../reports/fixture-gate.ts";
import { fixtureRun, SPIKE } from "../../reports/fixture.ts";
import { judgeGate } from "../../reports/gate.ts";
import { historyPoints } from "../../reports/history-points.ts";
import { summarize } from "../../reports/summary.ts";
import { makeSchemas } from "../make-schemas.ts";
import { pushbench } from "../pushbench-process.ts";
import { RECORD_TYPES, SCHEMAS_FILE } from "../record-types.ts";
import { schemaOf } from "../schema-of.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-schema-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const ajv = new Ajv({ strict: true, allowUnionTypes: true });

/** What is wrong with a value, by the schema of that name. */
async function problemsOf(name: string, value: unknown): Promise<string[]> {
  const validate = ajv.compile(await schemaOf(name));
  // As it stands in a file: without what is undefined.
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

describe("the schemas of what is saved", () => {
  it("are those of the types: npm run schemas was run after the last change", async () => {
    const saved = JSON.parse(await readFile(new URL(`../${SCHEMAS_FILE}`, import.meta.url), "utf8")) as unknown;
    expect(saved).toEqual(JSON.parse(JSON.stringify(makeSchemas())));
  });

  const run = fixtureRun({ trials: 2, scenarios: [SPIKE] });
  const gate = fixtureGate({ confirmation: true });
  const base = fixtureComparison({});

  it.each<[string, () => unknown]>([
    ["run", () => run.record],
    ["measurement", () => run.measurements[0]],
    ["summary", () => summarize(run.record, run.measurements)],
    ["history", () => historyPoints(run, summarize(run.record, run.measurements))[0]],
    ["capacity", () => fixtureCapacity().run.capacity],
    ["comparison", () => base.comparison],
    ["gate", () => gate.record],
    ["round", () => gate.rounds[0]],
    ["gate-report", () => judgeGate(gate, [], "2026-01-01")],
    ["baseline", () => baselineOfGate(gate)],
    ["baseline", () => baselineOfRun(run)],
  ])("hold for a %s, and not for one with a field too many or one too few", async (name, make) => {
    const value = JSON.parse(JSON.stringify(make())) as Record<string, unknown>;
    expect(await problemsOf(name, value)).toEqual([]);
    expect(await problemsOf(name, { ...value, surplus: 1 })).not.toEqual([]);
    const { schemaVersion: _version, ...less } = value;
    expect(await problemsOf(name, less)).not.toEqual([]);
  });

  it("hold for all that a real run leaves and prints", { timeout: 180_000 }, async () => {
    const workload = "subscribers: 5, rate: 50/s, settle: 0ms, warmup: 100ms, duration: 1s, drain: 1s";
    await writeFile(
      join(folder, "tiny.yaml"),
      `name: tiny\nservers: [sse-node]\nscenarios: [{ name: a, ${workload}, thresholds: [messages_lost == 0] }]\n`,
    );
    const { code, stdout, stderr } = await pushbench(["run", "tiny.yaml", "--out", "tiny", "--history", "history.jsonl", "--json"], folder);
    expect(code, stderr).toBe(0);
    const read = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), "utf8")) as unknown;
    expect(await problemsOf("suite", parse(await readFile(join(folder, "tiny.yaml"), "utf8")))).toEqual([]);
    expect(await problemsOf("run", await read("tiny", "run.json"))).toEqual([]);
    expect(await problemsOf("summary", JSON.parse(stdout))).toEqual([]);
    expect(await problemsOf("summary", await read("tiny", "summary.json"))).toEqual([]);
    const [trial] = await readdir(join(folder, "tiny", "trials"));
    expect(await problemsOf("measurement", await read("tiny", "trials", trial!))).toEqual([]);
    expect(await problemsOf("history", await read("history.jsonl"))).toEqual([]);
    const trends = await pushbench(["history", "--history", "history.jsonl", "--json"], folder);
    expect(await problemsOf("trends", JSON.parse(trends.stdout))).toEqual([]);
    const judged = await pushbench(["gate", "tiny", "--json"], folder);
    expect(await problemsOf("gate-report", JSON.parse(judged.stdout))).toEqual([]);
    const baseline = await pushbench(["gate", "tiny", "--save-baseline", "base.json", "--json"], folder);
    expect(await problemsOf("baseline", JSON.parse(baseline.stdout))).toEqual([]);
    expect(JSON.parse(baseline.stdout)).toEqual(await read("base.json"));
    const compared = await pushbench(["compare", "tiny", "tiny", "--json"], folder);
    expect(await problemsOf("comparison", JSON.parse(compared.stdout))).toEqual([]);
  });
});

describe("the command", () => {
  it("lists which there are, for people and for programs", async () => {
    const [text, json] = await Promise.all([pushbench(["schema"], folder), pushbench(["schema", "--json"], folder)]);
    const names = ["suite", ...RECORD_TYPES.map(({ name }) => name)];
    for (const name of names) expect(text.stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, "m"));
    const { schemas } = JSON.parse(json.stdout) as { schemas: { name: string }[] };
    expect(schemas.map(({ name }) => name)).toEqual(names);
  });

  it("prints the one that is asked for, as one document", async () => {
    const { code, stdout, stderr } = await pushbench(["schema", "summary"], folder);
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, await schemaOf("summary"), ""]);
  });

  it("refuses a suite with a field that there is not", async () => {
    expect(await problemsOf("suite", { name: "a", servers: "all", scenarios: [{ name: "a" }] })).toEqual([]);
    expect(await problemsOf("suite", { name: "a", servers: "all", scenarios: [{ name: "a" }], trails: 3 })).not.toEqual([]);
  });

  it("names the schema that was meant", async () => {
    const { code, stderr } = await pushbench(["schema", "sumary"], folder);
    expect(stderr).toMatch(/^error: unknown schema "sumary": expected one of suite, run, .*; did you mean "summary"\?\n$/);
    expect(code).toBe(2);
  });
});
