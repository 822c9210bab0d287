import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { appendToHistory, readHistory } from "../../load/history.ts";
import type { HistoryPoint } from "../../load/history-record.ts";
import { saveCapacity, saveMeasurement, saveRecord } from "../../load/results.ts";
import type { RunRecord } from "../../load/measurement.ts";
import { fixtureRun, HOSTILE_NAME } from "../../reports/fixture.ts";
import { fixtureCapacity } from "../../reports/fixture-capacity.ts";
import { historyReport } from "../../reports/fixture-history.ts";
import { pushbench } from "../pushbench-process.ts";

// Each starts up to three processes, one after the other.
vi.setConfig({ testTimeout: 30_000 });

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "pushbench-history-command-"));
  const { run } = historyReport((server) => ({ count: 24, cpu: (i) => (server === "sse-node" && i >= 16 ? 1.2 : 1) }));
  const hostile = run.history.slice(0, 3).map((point): HistoryPoint => ({ ...point, server: HOSTILE_NAME }));
  const matrix = run.history.slice(0, 3).map((point): HistoryPoint => ({ ...point, scenario: "grid,subscribers=5" }));
  const feature = matrix.map((point): HistoryPoint => ({ ...point, suite: "b", commit: { ...point.commit!, branch: "feature" } }));
  await appendToHistory(join(home, "known.jsonl"), [...run.history, ...hostile, ...matrix, ...feature]);
});
afterAll(() => rm(home, { recursive: true, force: true }));

let runs = 0;

/** A saved run of three cells that began in its own minute; its folder. */
async function savedRun(changes: Partial<RunRecord> = {}): Promise<string> {
  const name = `run-${++runs}`;
  const { record, measurements } = fixtureRun();
  await saveRecord(join(home, name), { ...record, startedAt: new Date(Date.UTC(2026, 1, 1, 0, runs)).toISOString(), ...changes });
  for (const measurement of measurements) await saveMeasurement(join(home, name), measurement);
  return name;
}

const history = (...args: readonly string[]) => pushbench(["history", ...args], home);

describe("pushbench history", () => {
  it("says that there is none yet, and how to begin one", async () => {
    const { code, stdout, stderr } = await history();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      "error: no history yet: there is no results/history.jsonl; a run that completes begins it: pushbench run quick; " +
        "runs that were saved go in by: pushbench history import results/<folder>\n",
    );
    expect((await history("--history", "my own.jsonl")).stderr).toContain("pushbench run quick --history 'my own.jsonl';");
  });

  it("shows what got worse at which commit, and every figure of every cell", async () => {
    const { code, stdout, stderr } = await history("--history", "known.jsonl");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Got worse, newest first\n {2}sse-node · broadcast: CPU a delivery \+\d+\.\d % \(.*\) at 0000016 → 0000017, /);
    for (const server of ["polling-node", "sse-node", "websocket-ws"]) expect(stdout).toContain(`${server} · broadcast: 24 points`);
    expect(stdout).toContain(String.raw`<img src=x onerror=alert(1)>\x1b[31m|\u202e" · broadcast: 3 points`);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it("shows the servers, the scenario, the branch, the metrics and the last points that were asked for", async () => {
    const some = ["--history", "known.jsonl", "--json"];
    const asked = async (...flags: readonly string[]): Promise<Shown["series"]> =>
      (JSON.parse((await history(...some, ...flags)).stdout) as Shown).series;
    const one = await asked("--server", "sse-node", "--metric", "server_uss_bytes,bytes_down_per_delivery", "--last", "5");
    expect(one.map(({ server }) => server)).toEqual(["sse-node"]);
    expect(Object.keys(one[0]!.metrics)).toEqual(["server_uss_bytes", "bytes_down_per_delivery"]);
    expect(one[0]!.metrics["server_uss_bytes"]!.points).toHaveLength(5);
    expect((await asked("--scenario", "grid")).map(({ scenario }) => scenario)).toEqual(["grid,subscribers=5"]);
    const [branch] = await asked("--branch", "feature");
    expect(branch!.metrics["server_uss_bytes"]!.points.map(({ commit }) => commit!.branch)).toEqual(["feature", "feature", "feature"]);
  });

  it.each([
    [["--server", "sse-nod"], 'unknown server "sse-nod": the history has ', '; did you mean "sse-node"?'],
    [["--scenario", "brodcast"], 'unknown scenario "brodcast"', 'did you mean "broadcast"?'],
    [["--metric", "server_cpu"], 'unknown metric "server_cpu"', 'did you mean "server_cpu_us_per_delivery"?'],
    [["--branch", "mian"], 'unknown branch "mian": the history has "main", "feature"', 'did you mean "main"?'],
    [["--last", "0"], "Expected a whole number", "from 1 to 2000"],
    [["import"], "missing required argument 'directories': expected folders of runs", "history import results/*"],
    [["imprt"], "error: too many arguments for 'history'", ""],
  ])("refuses %j with exit code 2 and says what to do", async (args, message, advice) => {
    const { code, stdout, stderr } = await history(...args, "--history", "known.jsonl");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(advice);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("skips lines that it cannot read, and says which", async () => {
    await writeFile(join(home, "torn.jsonl"), (await readFile(join(home, "known.jsonl"), "utf8")).slice(0, -30));
    const { code, stdout, stderr } = await history("--history", "torn.jsonl");
    expect(code).toBe(0);
    expect(stderr).toBe("skipped torn.jsonl:81: the last line is cut off, as by a process that was killed\n");
    expect(stdout).toContain("sse-node");
    await writeFile(join(home, "other.yaml"), "name: mine\n");
    expect((await history("--history", "other.yaml")).stderr).toContain("other.yaml is no history that this pushbench can read");
  });
});

interface Shown {
  readonly series: readonly {
    readonly server: string;
    readonly scenario: string;
    readonly metrics: Readonly<Record<string, { readonly points: readonly HistoryPoint[] }>>;
  }[];
}

describe("pushbench history import", () => {
  it("takes in complete runs, each cell once, and says why it left out the others", async () => {
    const [first, second, partial] = [await savedRun(), await savedRun(), await savedRun({ status: "partial" })];
    const search = fixtureCapacity();
    await saveRecord(join(home, "search"), search.run.record);
    await saveCapacity(join(home, "search"), search.run.capacity);
    const { code, stdout } = await history("import", first, first, second, partial, "search", "known.jsonl", "--history", "taken.jsonl");
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toEqual([
      `${first}: 3 of 3 cells added`,
      `${first}: 0 of 3 cells added, 3 in the history already`,
      `${second}: 3 of 3 cells added`,
      `${partial}: left out: the run is partial, and only a complete one can be compared`,
      "search: left out: a capacity search tries other loads each time",
      expect.stringMatching(/^known\.jsonl: left out: known\.jsonl is no results folder/),
    ]);
    const { points } = (await readHistory(join(home, "taken.jsonl")))!;
    expect(points.map(({ run, server }) => [run, server])).toEqual(
      [first, second].flatMap((run) => ["polling-node", "sse-node", "websocket-ws"].map((server) => [run, server])),
    );
  });

  it("ends with 2 where it could take in none, and with --json prints one document", async () => {
    const { code, stdout } = await history("import", "nowhere", "--json", "--history", "none.jsonl");
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      file: "none.jsonl",
      runs: [{ directory: "nowhere", reason: expect.stringContaining("nowhere is no results folder") as string }],
    });
    await expect(readFile(join(home, "none.jsonl"))).rejects.toThrow("ENOENT");
  });

  it("touches no file that is no history", async () => {
    await writeFile(join(home, "mine.txt"), "mine\n");
    const { code, stderr } = await history("import", await savedRun(), "--history", "mine.txt");
    expect([code, await readFile(join(home, "mine.txt"), "utf8")]).toEqual([2, "mine\n"]);
    expect(stderr).toContain("mine.txt:1: no line of JSON; mine.txt is no history that this pushbench can read: name another file");
  });
});

describe("pushbench report with a history", () => {
  it("names a history that is not there, and does without the usual one", async () => {
    const run = await savedRun();
    const { code, stderr } = await pushbench(["report", run, "--history", "nowhere.jsonl"], home);
    expect(code).toBe(2);
    expect(stderr).toContain("no history yet: there is no nowhere.jsonl");
    expect((await pushbench(["report", run], home)).code).toBe(0);
  });

  it("has the trend of its cells once there are three points of one", async () => {
    const saved = [await savedRun(), await savedRun(), await savedRun()];
    const sections = async (): Promise<boolean> =>
      (await readFile(join(home, saved[2]!, "report.html"), "utf8")).includes('<section id="trend"');
    await history("import", ...saved.slice(0, 2), "--history", "grown.jsonl");
    await pushbench(["report", saved[2]!, "--history", "grown.jsonl"], home);
    expect(await sections()).toBe(false);
    await history("import", saved[2]!, "--history", "grown.jsonl");
    await pushbench(["report", saved[2]!, "--history", "grown.jsonl"], home);
    expect(await sections()).toBe(true);
  });

  it("says which lines it skipped", async () => {
    const run = await savedRun();
    await history("import", run, "--history", "short.jsonl");
    await appendFile(join(home, "short.jsonl"), "{\n");
    const { stderr } = await pushbench(["report", run], home, { PUSHBENCH_HISTORY: "short.jsonl" });
    expect(stderr).toContain("warning: skipped short.jsonl:4: no line of JSON\n");
    const without = await pushbench(["report", run, "--no-history"], home, { PUSHBENCH_HISTORY: "short.jsonl" });
    expect(without.stderr).not.toContain("short.jsonl");
  });
});
