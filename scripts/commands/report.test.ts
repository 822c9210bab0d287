import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveMeasurement, saveRecord } from "../../load/results.ts";
import { ALL_SERVERS, failed, fixtureRun } from "../../reports/fixture.ts";
import type { FixtureOptions } from "../../reports/fixture.ts";
import { pushbench } from "../pushbench-process.ts";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "pushbench-report-command-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

let runs = 0;

async function savedRun(options: FixtureOptions = {}): Promise<string> {
  const name = `run-${++runs}`;
  const { record, measurements } = fixtureRun(options);
  await saveRecord(join(home, name), record);
  for (const measurement of measurements) await saveMeasurement(join(home, name), measurement);
  return name;
}

describe("pushbench report", () => {
  it("prints the table on stdout, the report's path last on stderr, and writes the three files", async () => {
    const run = await savedRun();
    const { code, stdout, stderr, leftovers } = await pushbench(["report", run], home);
    expect([code, leftovers]).toEqual([0, []]);
    expect(stdout).toMatch(/^server +p50 +p99/m);
    expect(stdout).toMatch(/^websocket-ws +2/m);
    expect(stderr).toBe(`report: ${join(run, "report.html")}\n`);
    expect((await readdir(join(home, run))).toSorted()).toEqual(["report.html", "run.json", "summary.json", "summary.md", "trials"]);
  });

  it("reads an interrupted run with a failed trial", async () => {
    const run = await savedRun({ status: "partial", alter: (m) => (m.trial.index === 1 ? failed(m) : m) });
    const { code, stdout } = await pushbench(["report", run], home);
    expect(code).toBe(0);
    expect(stdout).toContain("! This run is partial");
    expect(stdout).toContain("server exited with signal SIGKILL");
  });

  it("prints one JSON document with --json: what summary.json holds", async () => {
    const run = await savedRun();
    const { stdout } = await pushbench(["report", run, "--json"], home);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(home, run, "summary.json"), "utf8")));
  });

  it.each([
    ["after the run", (run: string) => [run, "--charts", "svg", "out-1"], "out-1", ".svg"],
    ["before the run", (run: string) => ["--charts", "spec", "out-2", run], "out-2", ".vl.json"],
  ])("writes the charts as files, --charts standing %s", async (_, args, folder, ending) => {
    const run = await savedRun();
    const { code, stderr } = await pushbench(["report", ...args(run)], home);
    expect([code, stderr]).toEqual([0, `charts: 15 files in ${folder}\nreport: ${join(run, "report.html")}\n`]);
    const files = await readdir(join(home, folder));
    expect(files).toHaveLength(15);
    for (const file of files) expect(file.endsWith(`-broadcast${ending}`)).toBe(true);
  });

  it.each([
    [[], "which run? pushbench report <directory>"],
    [["nowhere"], "nowhere is no results folder: there is no nowhere/run.json"],
    [["a", "--charts", "png", "out"], "--charts png: expected svg or spec"],
    [["a", "--charts", "svg"], "--charts svg needs a folder for the files"],
    [["a", "--charts", "svg", "out", "b"], "a is no results folder: there is no a/run.json"],
  ])("refuses %j with exit code 2 and says what to do", async (args, message) => {
    const { code, stdout, stderr } = await pushbench(["report", ...args], home);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("makes one report of several runs, in a folder of its own", async () => {
    const [one, other] = [await savedRun({ servers: ALL_SERVERS.slice(0, 1) }), await savedRun({ servers: ALL_SERVERS.slice(1, 3) })];
    const { code, stdout, stderr } = await pushbench(["report", one, other, "--out", "both"], home);
    expect([code, stderr]).toEqual([0, `report: ${join("both", "report.html")}\n`]);
    for (const { name } of ALL_SERVERS.slice(0, 3)) expect(stdout).toMatch(new RegExp(`^${name} `, "m"));
    expect((await readdir(join(home, "both"))).toSorted()).toEqual(["report.html", "summary.json", "summary.md"]);
    expect((await readdir(join(home, one))).toSorted()).toEqual(["run.json", "trials"]);

    const twice = await pushbench(["report", one, one], home);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining("name each run once")]);
    const alone = await pushbench(["report", one, "--out", "other"], home);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("--out is for the report of several runs")]);
    const full = await pushbench(["report", one, other, "--out", "both"], home);
    expect([full.code, full.stderr]).toEqual([2, expect.stringContaining("both is not empty")]);
  });

  it.each(["notes.txt", "notes.txt/charts"])("refuses charts into %s, a file, before anything is written", async (folder) => {
    const run = await savedRun();
    await writeFile(join(home, "notes.txt"), "mine");
    const { code, stdout, stderr } = await pushbench(["report", run, "--charts", "svg", folder], home);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`error: --charts svg ${folder}: a file is in the way; name a folder, such as --charts svg charts/\n`);
    expect((await readdir(join(home, run))).toSorted()).toEqual(["run.json", "trials"]);
  });

  it("names the file of another version, or one that is broken", async () => {
    const run = await savedRun();
    await writeFile(join(home, run, "trials", "999-broken.json"), "{");
    expect((await pushbench(["report", run], home)).stderr).toContain("999-broken.json: no JSON");
    await writeFile(join(home, run, "run.json"), '{"schemaVersion": 99}');
    expect((await pushbench(["report", run], home)).stderr).toContain("schemaVersion 99 where this pushbench reads 1");
  });

  it.each([
    ["report", (run: string) => ["report", run]],
    ["compare", (run: string) => ["compare", run, run]],
  ])("%s warns of a noise floor that cannot be read, and is written all the same", async (_, args) => {
    const run = await savedRun();
    const cache = join(home, `${run}-cache`);
    await mkdir(join(cache, "pushbench"), { recursive: true });
    await writeFile(join(cache, "pushbench", "noise.json"), "{");
    const { code, stderr } = await pushbench(args(run), home, { XDG_CACHE_HOME: cache });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: \S+noise\.json: no JSON/);
    expect(stderr.trimEnd().split("\n").at(-1)).toBe(`report: ${join(run, "report.html")}`);
  });

  it("says which file it could not write, without a stack", async () => {
    const run = await savedRun();
    await mkdir(join(home, run, "report.html", "in-the-way"), { recursive: true });
    const { code, stderr } = await pushbench(["report", run], home);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`cannot write ${join(run, "report.html")}`);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
