import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fixtureGate, hostileGate, withLedger } from "../reports/fixture-gate.ts";
import { judgeGate } from "../reports/gate.ts";
import { saveGateReport, writeGateOutputs } from "./gate-outputs.ts";

const report = judgeGate(fixtureGate({ confirmation: true, alter: withLedger("head", { lost: 6 }) }), [], "2026-03-01");
const TERMINAL = { color: false, width: 120 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-gate-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("prints the table and writes nothing that was not asked for", async () => {
  const { stdout, stderr } = await writeGateOutputs(report, {}, TERMINAL, {});
  expect(stdout).toMatch(/^✗ fail/);
  expect(stdout).not.toContain("::");
  expect(stderr).toBe("");
  expect(await readdir(folder)).toEqual([]);
});

it("writes each file in its own format", async () => {
  const flags = {
    junit: join(folder, "junit.xml"),
    markdown: join(folder, "gate.md"),
    githubBenchmark: join(folder, "benchmark.json"),
    csv: join(folder, "deep", "gate.csv"),
  };
  await writeGateOutputs(report, flags, TERMINAL, {});
  const read = (path: string): Promise<string> => readFile(path, "utf8");
  expect(await read(flags.junit)).toMatch(/^<\?xml/);
  expect(await read(flags.markdown)).toMatch(/^<!-- pushbench:gate -->/);
  expect(JSON.parse(await read(flags.githubBenchmark))).toBeInstanceOf(Array);
  expect(await read(flags.csv)).toMatch(/^server,scenario,metric,/);
});

it("prints one document alone with json, in a workflow too", async () => {
  const { stdout, stderr } = await writeGateOutputs(report, { json: true }, TERMINAL, { GITHUB_ACTIONS: "true" });
  expect(JSON.parse(stdout)).toEqual(report);
  expect(stderr).toMatch(/^::error title=/);
});

it("prints JSON that no terminal acts on, and that reads back as it was", async () => {
  const hostile = judgeGate(hostileGate(), [], "2026-03-01");
  const named = { ...hostile, suite: "\u009b31m\\x1b\\\u2028\u202e\u007f" };
  const { stdout } = await writeGateOutputs(named, { json: true }, TERMINAL, {});
  expect(JSON.parse(stdout)).toEqual(named);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
});

it("annotates a workflow's run, and adds to its summary what other steps have written there", async () => {
  const summary = join(folder, "summary.md");
  await writeFile(summary, "before\n");
  const { stdout } = await writeGateOutputs(report, {}, TERMINAL, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary });
  expect(stdout).toMatch(/^::error title=sse-node · broadcast · messages_lost::fail/m);
  expect(await readFile(summary, "utf8")).toMatch(/^before\n<!-- pushbench:gate -->/);
});

it("says where a summary cannot be written", async () => {
  await expect(writeGateOutputs(report, {}, TERMINAL, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: folder })).rejects.toThrow(
    "which GITHUB_STEP_SUMMARY names",
  );
});

it("leaves the report in the gate's folder, for programs and for people", async () => {
  const files = await saveGateReport(folder, report);
  expect(JSON.parse(await readFile(files[0]!, "utf8"))).toEqual(report);
  expect(await readFile(files[1]!, "utf8")).toContain("messages\\_lost");
});
