import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveMeasurement, saveRecord } from "../../load/results.ts";
import type { Comparison } from "../../reports/comparison.ts";
import { having, scaled } from "../../reports/fixture-comparison.ts";
import { fixtureRun, only } from "../../reports/fixture.ts";
import type { FixtureOptions } from "../../reports/fixture.ts";
import { pushbench } from "../pushbench-process.ts";

let home: string;

async function saveRun(name: string, options: FixtureOptions): Promise<void> {
  const { record, measurements } = fixtureRun({ trials: 3, ...options });
  await saveRecord(join(home, name), record);
  for (const measurement of measurements) await saveMeasurement(join(home, name), measurement);
}

const FILES = ["report.html", "run.json", "summary.json", "summary.md", "trials"];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "pushbench-compare-command-"));
  await saveRun("base", { seed: 7 });
  const changed = scaled({ bytes_down_per_delivery: 1.25 });
  await saveRun("head", {
    seed: 8,
    alter: (m) => only("sse-node", changed)(only("websocket-ws", having({ messages_lost: 40 }))(m)),
  });
});
afterAll(() => rm(home, { recursive: true, force: true }));

const compare = (...args: readonly string[]) => pushbench(["compare", ...args], home);

describe("pushbench compare", () => {
  it("prints what changed, writes the report of head with it, and ends with 0 whatever became worse", async () => {
    const { code, stdout, stderr, leftovers } = await compare("base", "head");
    expect([code, stderr, leftovers]).toEqual([0, `report: ${join("head", "report.html")}\n`, []]);
    expect(stdout).toMatch(/^base {2}base {2}quick, 2026-01-02 03:04 UTC\nhead {2}head {2}quick, /);
    expect(stdout).toMatch(/^sse-node +170 +213 +\+25 % +▲ worse$/m);
    expect(stdout).toMatch(/^websocket-ws +0 +120 +from none +▲ worse$/m);
    expect(stdout).toContain("the machine's drift");
    expect((await readdir(join(home, "head"))).toSorted()).toEqual(FILES);
    expect((await readdir(join(home, "base"))).toSorted()).toEqual(["run.json", "trials"]);
    const page = await readFile(join(home, "head", "report.html"), "utf8");
    expect(page).toContain('<section id="compare"');
    expect(page).toContain("Compared with base (quick, 2026-01-02 03:04 UTC).");
  });

  it("prints one JSON document with --json", async () => {
    const { code, stdout } = await compare("base", "head", "--json");
    const { schemaVersion, cells, rule, differences } = JSON.parse(stdout) as Comparison;
    expect([code, schemaVersion, cells.length]).toEqual([0, 1, 3]);
    expect([rule.band, rule.latencyBand]).toEqual([0.03, 0.25]);
    expect(differences.environment).toEqual([]);
    const sse = cells.find(({ server }) => server === "sse-node")!;
    expect(sse.changes.find(({ metric }) => metric === "bytes_down_per_delivery")).toMatchObject({
      verdict: "worse",
      ratio: { value: expect.closeTo(1.25, 9) as number },
    });
  });

  it("prints Markdown with --markdown, of every metric with --all", async () => {
    const { stdout } = await compare("base", "head", "--markdown", "--all");
    expect(stdout).toMatch(/^# pushbench: quick, two runs compared\n/);
    expect(stdout).toMatch(/^\| sse-node \| 170 \| 213 \| \+25 % \|/m);
    expect(stdout).toContain("## server\\_pss\\_bytes");
  });

  it("takes the bands that no change lies within", async () => {
    const { stdout } = await compare("base", "head", "--band", "30%", "--latency-band", "40%", "--json");
    const { rule, cells } = JSON.parse(stdout) as Comparison;
    expect([rule.band, rule.latencyBand]).toEqual([0.3, 0.4]);
    const bytes = cells.flatMap(({ changes }) => changes.filter(({ metric }) => metric === "bytes_down_per_delivery"));
    expect(bytes.map(({ verdict }) => verdict)).toEqual(["same", "same", "same"]);
  });

  it("finds nothing between a run and itself", async () => {
    const { code, stdout } = await compare("base", "base");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n0 worse, 0 better, \d+ the same, \d+ unsure/)]);
  });

  it.each([
    [[], "missing required argument 'base': expected two folders under results/, as in: pushbench compare results/<base> results/<head>"],
    [["base"], "missing required argument 'head'"],
    [["base", "nowhere"], "nowhere is no results folder: there is no nowhere/run.json"],
    [["nowhere", "base"], "nowhere is no results folder"],
    [["base", "head", "third"], "too many arguments"],
    [["base", "head", "--json", "--markdown"], "--json and --markdown are two outputs: give one of them"],
    [["base", "head", "--band", "3"], "Expected a percentage such as 3% or 25%, from 0% to 1000%."],
    [["base", "head", "--latency-band", "-3%"], "Expected a percentage such as 3% or 25%"],
  ])("refuses %j with exit code 2 and says what to do", async (args, message) => {
    const { code, stdout, stderr } = await compare(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("leaves the report of head as it was where base cannot be read", async () => {
    await saveRun("kept", { trials: 1 });
    await writeFile(join(home, "kept", "report.html"), "mine");
    await mkdir(join(home, "broken"));
    await writeFile(join(home, "broken", "run.json"), "{");
    const { code, stderr } = await compare("broken", "kept");
    expect(code).toBe(2);
    expect(stderr).toContain(`${join("broken", "run.json")}: no JSON`);
    expect(await readFile(join(home, "kept", "report.html"), "utf8")).toBe("mine");
  });

  it("says that nothing can be compared, and of each cell why", async () => {
    await saveRun("other", { trials: 1, servers: [{ name: "sse-uws", transport: "sse", latencyMs: 1 }] });
    const { code, stdout } = await compare("base", "other");
    expect(code).toBe(0);
    expect(stdout).toContain("! Only in base: polling-node · broadcast, sse-node · broadcast and websocket-ws · broadcast.");
    expect(stdout).toContain("! Only in head: sse-uws · broadcast.");
    expect(stdout).toContain("\nNo cell can be compared.\n");
  });
});

describe("pushbench report --base", () => {
  it("writes the same page, its drawings as files with --charts, and prints the run's own table", async () => {
    await compare("base", "head");
    const compared = await readFile(join(home, "head", "report.html"), "utf8");
    const { code, stdout, stderr } = await pushbench(["report", "head", "--base", "base", "--charts", "svg", "out"], home);
    expect([code, stderr]).toEqual([0, `charts: 17 files in out\nreport: ${join("head", "report.html")}\n`]);
    expect(stdout).toMatch(/^server +p50 +p99/m);
    expect(await readFile(join(home, "head", "report.html"), "utf8")).toBe(compared);
    expect(await readdir(join(home, "out"))).toContain("forest-broadcast.svg");
  }, 60_000);

  it("refuses a base that is no run", async () => {
    const { code, stderr } = await pushbench(["report", "head", "--base", "nowhere"], home);
    expect([code, stderr]).toEqual([2, "error: nowhere is no results folder: there is no nowhere/run.json\n"]);
  });
});
