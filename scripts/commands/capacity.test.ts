import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { CapacityRecord } from "../../load/capacity-record.ts";
import type { RunRecord } from "../../load/measurement.ts";
import { pushbench, startPushbench } from "../pushbench-process.ts";

// A trial takes two seconds on a quiet machine; a search makes seven to twenty.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-capacity-"));
  const workload = "subscribers: 6, rate: 50/s, settle: 0ms, warmup: 100ms, duration: 1s, drain: 2s";
  await writeFile(join(folder, "small.yaml"), `name: small\nservers: [sse-node]\nscenarios:\n  - { name: few, ${workload} }\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readJson<T>(...path: string[]): Promise<T> {
  return JSON.parse(await readFile(join(folder, ...path), "utf8")) as T;
}

test("a search that is stopped keeps its trials, goes on from its folder, ends with a bracket, and can be reported again", async () => {
  // 50 messages for each of six subscribers are 300 deliveries, for seven 350: the limit is known.
  const slo = "messages_expected < 350 and delivery_latency_ms.max < 60000";
  const args = ["capacity", "small.yaml", "--vary", "connections", "--slo", slo, "--to", "8", "--confirm", "1s", "--out", "found"];
  const running = await startPushbench(args, folder);
  await running.said(" 1/");
  running.child.kill("SIGINT");
  const stopped = await running.ended;
  expect(stopped, stopped.stderr).toMatchObject({ code: 130, orphans: [], leftovers: [] });
  expect(stopped.stdout).toMatch(/sse-node .*the search was stopped/);
  expect(stopped.stdout).toContain("next    pushbench capacity --resume found\n");
  expect(await readJson<RunRecord>("found", "run.json")).toMatchObject({ status: "partial" });

  const run = await pushbench(["run", "--resume", "found"], folder);
  expect(run).toMatchObject({ code: 2, stdout: "" });
  expect(run.stderr).toContain("found is a capacity search: go on with it by capacity --resume found");

  const ended = await pushbench(["capacity", "--resume", "found"], folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0, orphans: [], leftovers: [] });
  expect(ended.stderr).toContain("1 of 1 trials is complete and kept");
  const files = ["capacity.json", "report.html", "run.json", "summary.json", "summary.md", "trials"];
  expect((await readdir(join(folder, "found"))).sort()).toEqual(files);
  const { servers } = await readJson<CapacityRecord>("found", "capacity.json");
  const [{ answer: bracket, points }] = servers as [CapacityRecord["servers"][number]];
  for (const { level, verdict } of points) expect([verdict, level]).not.toEqual(level > 6 ? ["holds", level] : ["broke", level]);
  // A busy machine may leave a level without a verdict; it may not move the limit.
  if (points.every(({ verdict }) => verdict === "holds" || verdict === "broke")) {
    expect(bracket).toEqual({ held: 6, broke: 7, confirmed: true, end: "narrowed" });
    expect(ended.stdout).toContain("sse-node  between 6 and 7 connections: messages_expected was 350 where < 350 was asked\n");
  }

  const report = await pushbench(["report", "found"], folder);
  expect(report, report.stderr).toMatchObject({ code: 0 });
  const answer = (stdout: string): string => stdout.split("\nreport ")[0]!.replaceAll(/\s+/g, " ");
  expect(answer(report.stdout)).toBe(answer(ended.stdout));
  expect(await readFile(join(folder, "found", "report.html"), "utf8")).toContain('<section id="capacity"');
  expect(await readFile(join(folder, "found", "summary.md"), "utf8")).toContain(
    "Capacity in connections of few, while messages\\_expected",
  );
});

test("a server that cannot be reached is named, exit 5, and --json is one document", async () => {
  const target = '{ name: mine, transport: sse, url: "http://127.0.0.1:9", control: "http://127.0.0.1:9" }';
  await writeFile(join(folder, "down.yaml"), `name: down\nservers: [${target}]\nscenarios: [{ name: a, duration: 1s }]\n`);
  const ended = await pushbench(["capacity", "down.yaml", "--vary", "rate", "--out", "down", "--json"], folder);
  expect(ended, ended.stderr).toMatchObject({ code: 5, orphans: [], leftovers: [] });
  const { question, servers } = JSON.parse(ended.stdout) as CapacityRecord;
  expect(question).toMatchObject({ vary: "rate", confirmMs: 4000, maxMs: 600_000 });
  expect(servers).toMatchObject([{ server: "mine", answer: { end: "failed" } }]);
  expect(servers[0]!.reasons[0]).toContain("127.0.0.1:9");
});

test.each<readonly [args: readonly string[], message: string]>([
  [
    [],
    "missing required argument 'targets': expected a server (or all), or a suite, as in: pushbench capacity sse-node --vary connections",
  ],
  [["sse-node"], "--vary is missing: expected one of connections, rate, payload, fanout"],
  [["sse-node", "--vary", "load"], "Allowed choices are connections, rate, payload, fanout."],
  [["sse-nod", "--vary", "rate"], 'unknown server or suite "sse-nod": expected one of '],
  [["sse-node", "quick", "--vary", "rate"], 'unknown server "quick": expected some of '],
  [
    ["quick", "--vary", "rate"],
    "load/suites/quick.yaml has 2 scenarios, and a search takes one: choose with --scenario one of broadcast, topics",
  ],
  [["quick", "--vary", "rate", "--scenario", "x"], 'has no scenario "x"'],
  [["sse-node", "--vary", "rate", "--scenario", "x"], "--scenario and --server choose from a suite"],
  [["sse-node", "--vary", "payload", "--from", "10"], "--from 10: expected a size such as 128B, 64KiB or 1MiB, for --vary payload"],
  [["sse-node", "--vary", "connections", "--from", "9", "--to", "5"], "connections 9, the level to begin with, is more than 5"],
  [["sse-node", "--vary", "rate", "--slo", "lost == 0"], '--slo: unknown metric "lost"'],
  [["sse-node", "--vary", "rate", "--window", "5"], "Expected a duration such as 500ms, 10s or 2m, of 1s or more."],
  // On the last of them, and nothing has been loaded.
  [["sse-node", "polling-node", "--vary", "rate", "--from", "5k"], "about 5000 messages come between two polls and history keeps 1024"],
  [["--resume", "nowhere"], "nowhere is no results folder"],
  [["sse-node", "--resume", "x", "--to", "5"], "--resume x goes on with that search as it began: leave out sse-node, --to"],
])("capacity %j is refused with exit code 2 and what to do", async (args, message) => {
  const { code, stdout, stderr } = await pushbench(
    ["capacity", ...args, ...(args.includes("--resume") ? [] : ["--out", "refused"])],
    folder,
  );
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).not.toMatch(/^ +at /m);
});
