/** `pushbench gate` as a process: on what was saved, and what is wrong with what it was told. Two versions side by side: docs/your-own-server.md's test. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SavedGate } from "../../load/gate-record.ts";
import { saveGate, saveRound } from "../../load/gate-results.ts";
import { saveMeasurement, saveRecord } from "../../load/results.ts";
import { fixtureGate } from "../../reports/fixture-gate.ts";
import { ALL_SERVERS, fixtureRun, fixtureScenario } from "../../reports/fixture.ts";
import type { GateReport } from "../../reports/gate-report.ts";
import { pushbench } from "../pushbench-process.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-gate-test-"));
  await saved("same", fixtureGate());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function saved(name: string, gate: SavedGate): Promise<string> {
  await saveGate(join(folder, name), gate.record);
  for (const round of gate.rounds) await saveRound(join(folder, name), round);
  return name;
}

async function savedRun(name: string, options: Parameters<typeof fixtureRun>[0]): Promise<string> {
  const { record, measurements } = fixtureRun(options);
  await saveRecord(join(folder, name), record);
  for (const measurement of measurements) await saveMeasurement(join(folder, name), measurement);
  return name;
}

test("saved rounds are judged again: worse is 3, with every output that was asked for", async () => {
  const name = await saved("worse", fixtureGate({ change: { server_cpu_us_per_delivery: 1.3 }, confirmation: true }));
  const ended = await pushbench(
    ["gate", name, "--markdown", "gate.md", "--junit", "gate.xml", "--csv", "gate.csv", "--github-benchmark", "bench.json"],
    folder,
    { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "summary.md") },
  );
  expect(ended).toMatchObject({ code: 3, orphans: [], leftovers: [] });
  expect(ended.stdout).toMatch(/✗ fail.*server_cpu_us_per_delivery/);
  expect(ended.stdout).toContain("::error title=");
  expect(ended.stderr).toContain(`report: ${join(name, "gate.md")}`);
  const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");
  expect(await read("gate.md")).toMatch(/^<!-- pushbench:gate -->/);
  expect(await read("gate.xml")).toContain("<failure");
  expect(await read("gate.csv")).toContain("server_cpu_us_per_delivery");
  expect(JSON.parse(await read("bench.json"))).toContainEqual(
    expect.objectContaining({ name: expect.stringContaining("server_cpu_us_per_delivery") }),
  );
  expect(await read("summary.md")).toContain("server\\_cpu\\_us\\_per\\_delivery");
  expect((JSON.parse(await read(join(name, "gate-report.json"))) as GateReport).verdict).toBe("fail");
});

test("no worse is 0, and --json prints the report alone", async () => {
  const ended = await pushbench(["gate", "same", "--json"], folder);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ kind: "versions", verdict: "pass" });
});

test("what cannot be told is 4, or 0 where that is allowed", async () => {
  const name = await saved("unclear", fixtureGate({ sigma: 0.3 }));
  expect((await pushbench(["gate", name], folder)).code).toBe(4);
  expect((await pushbench(["gate", name, "--allow-inconclusive"], folder)).code).toBe(0);
});

test("a regression that is accepted fails nothing until its day", async () => {
  const name = await saved("accepted", fixtureGate({ change: { server_cpu_us_per_delivery: 1.3 }, confirmation: true }));
  const entry = (expires: string): string =>
    `accepted:\n  - { server: sse-node, metric: server_cpu_us_per_delivery, reason: compression, expires: ${expires} }\n`;
  await writeFile(join(folder, "accepted.yaml"), entry("2999-12-31"));
  const accepted = await pushbench(["gate", name, "--accepted", "accepted.yaml"], folder);
  expect(accepted).toMatchObject({ code: 0 });
  expect(accepted.stdout).toContain("compression");
  await writeFile(join(folder, "accepted.yaml"), entry("2020-01-01"));
  expect((await pushbench(["gate", name, "--accepted", "accepted.yaml"], folder)).code).toBe(3);
});

test("a saved run is judged by its thresholds, and against a baseline that was made of it", async () => {
  const scenario = fixtureScenario({ thresholds: [{ metric: "messages_lost", operator: "==", limit: 0, level: "error" }] });
  const name = await savedRun("run", {
    servers: ALL_SERVERS.filter((server) => server.name === "sse-node"),
    scenarios: [scenario],
    trials: 6,
  });
  const judged = await pushbench(["gate", name], folder);
  expect(judged).toMatchObject({ code: 0 });
  expect(judged.stdout).toContain("1 threshold");

  const noise = ["--noise-file", "nowhere.json"];
  const kept = await pushbench(["gate", name, "--save-baseline", "base.json", ...noise], folder);
  expect(kept).toMatchObject({ code: 0, stdout: "" });
  expect(kept.stderr).toContain("the noise floor of this machine is not known: run `pushbench doctor --noise`");
  const again = await pushbench(["gate", name, "--baseline", "base.json"], folder);
  expect(again.stdout).toContain("38.8 %");
  expect([0, 4]).toContain(again.code);
});

test.each([
  ["nothing to compare with", ["gate"], "--base is missing: a git ref such as main, a folder, or a command"],
  ["a base that is nothing", ["gate", "--base", "no-such"], '--base "no-such" is no folder, no commit of this repository and no command'],
  ["limits that leave nothing between", ["gate", "--base", ".", "--delta", "20%"], "--delta 20% is to be below --limit 10%"],
  ["a metric that nothing has", ["gate", "--base", ".", "--metrics", "server_cpu"], '--metrics: unknown metric "server_cpu"'],
  [
    "a scenario that the suite has not",
    ["gate", "--base", ".", "--scenario", "nope"],
    "--scenario: gate has no nope: expected some of topics",
  ],
  ["a share without its sign", ["gate", "--base", ".", "--delta", "0.03"], "Expected a percentage"],
  ["a saved gate and a base", ["gate", "same", "--base", "main"], "same was saved and is judged as it is: leave out --base"],
  ["a baseline without a run", ["gate", "--baseline", "base.json"], "a baseline is of a saved run"],
  ["a folder that holds nothing", ["gate", "."], "is no results folder"],
])("%s is told with what to do", async (_, args, message) => {
  const ended = await pushbench(args, folder);
  expect(ended).toMatchObject({ code: 2, orphans: [], leftovers: [] });
  expect(ended.stderr.replaceAll(/\s+/g, " ")).toContain(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});
