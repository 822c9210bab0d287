/** `pushbench run --resume`: runs that were stopped, as processes, and gone on with. */
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Measurement, RunRecord } from "../../load/measurement.ts";
import { pushbench, startPushbench } from "../pushbench-process.ts";

// A trial takes two seconds on a quiet machine; a test runs up to four.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-resume-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a suite of three trials, and returns the arguments that run it into a folder named as it. */
async function suite(name: string, duration: string): Promise<string[]> {
  const workload = `{ subscribers: 4, rate: 50/s, settle: 0ms, warmup: 100ms, duration: ${duration}, drain: 2s, pollInterval: 20ms }`;
  await writeFile(
    join(folder, `${name}.yaml`),
    `name: ${name}\nservers: [polling-node, sse-node, websocket-ws]\ndefaults: ${workload}\nscenarios: [{ name: a }]\n`,
  );
  return ["run", `${name}.yaml`, "--seed", "9", "--out", name];
}

const record = async (run: string): Promise<RunRecord> => JSON.parse(await readFile(join(folder, run, "run.json"), "utf8")) as RunRecord;

async function trials(run: string): Promise<{ readonly file: string; readonly text: string; readonly measurement: Measurement }[]> {
  const files = (await readdir(join(folder, run, "trials"))).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, run, "trials", file), "utf8");
      return { file, text, measurement: JSON.parse(text) as Measurement };
    }),
  );
}

test("a run stopped after its first trial goes on from its folder alone, to one report of every trial", async () => {
  const running = await startPushbench(await suite("stopped", "1s"), folder);
  await running.said(" 1/3 ");
  running.child.kill("SIGINT");
  const stopped = await running.ended;
  expect(stopped, stopped.stderr).toMatchObject({ code: 130, orphans: [] });
  expect(stopped.stdout).toContain("next    pushbench run --resume stopped\n");
  const [first, ...others] = await trials("stopped");
  expect(first!.measurement.status).toBe("complete");
  expect(others.map(({ measurement }) => measurement.status)).not.toContain("complete");
  await rm(join(folder, "stopped.yaml"));

  const resumed = await pushbench(["run", "--resume", "stopped"], folder);
  expect(resumed, resumed.stderr).toMatchObject({ code: 0, orphans: [], leftovers: [] });
  expect(resumed.stderr).toContain("1 of 3 trials is complete and kept\n");
  expect(resumed.stderr).not.toMatch(/(done|invalid) +1\/3 /);
  const all = await trials("stopped");
  expect(all[0]).toEqual(first);
  expect(all.map(({ measurement: { status, trial } }) => [trial.index, status, trial.seed])).toEqual([
    [1, "complete", 9],
    [2, "complete", 10],
    [3, "complete", 11],
  ]);
  expect(new Set(all.map(({ measurement }) => measurement.trial.server)).size).toBe(3);
  const { status, resumed: resumptions } = await record("stopped");
  expect({ status, resumptions }).toMatchObject({ status: "complete", resumptions: [{ keptTrials: 1, changes: [] }] });
  const summary = JSON.parse(await readFile(join(folder, "stopped", "summary.json"), "utf8")) as object;
  expect(summary).toMatchObject({ status: "complete", trials: { planned: 3, saved: 3 } });
  expect((await readdir(join(folder, "stopped"))).sort()).toEqual(["report.html", "run.json", "summary.json", "summary.md", "trials"]);

  const again = await pushbench(["run", "--resume", "stopped"], folder);
  expect(again).toMatchObject({ code: 0, stderr: "stopped is complete: nothing is left of its 3 trials\n" });
  expect(again.stdout).toContain(`report  ${join("stopped", "report.html")}`);
  expect(await trials("stopped")).toEqual(all);
});

test("after a kill, a damaged file and a move to another machine it goes on as well, and says what changed", async () => {
  const running = await startPushbench(await suite("killed", "1s"), folder);
  await running.said(" 2/3 ");
  running.child.kill("SIGKILL");
  await running.ended;
  const [first, second] = await trials("killed");
  await truncate(join(folder, "killed", "trials", second!.file), 100);
  const began = await record("killed");
  const moved: RunRecord = { ...began, environment: { ...began.environment, kernel: "1.2.3", cores: 99 } };
  await writeFile(join(folder, "killed", "run.json"), JSON.stringify(moved));
  const { mtimeMs } = await stat(join(folder, "killed", "trials", first!.file));

  const { code, stdout, stderr } = await pushbench(["run", "--resume", "killed"], folder);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const changes = [`kernel 1.2.3, now ${began.environment.kernel}`, `cores 99, now ${began.environment.cores}`];
  expect(stderr).toContain(`! not as it was when the run began: ${changes.join("; ")}`);
  expect(stdout).toContain("! The trials were not all measured in the same place: kernel 1.2.3, now ");
  expect((await record("killed")).resumed).toMatchObject([{ keptTrials: 1, changes, environment: began.environment }]);
  const all = await trials("killed");
  expect(all.map(({ measurement }) => measurement.status)).toEqual(["complete", "complete", "complete"]);
  expect((await stat(join(folder, "killed", "trials", first!.file))).mtimeMs).toBe(mtimeMs);
});

test("a run that is under way is not gone on with by a second process", async () => {
  const running = await startPushbench(await suite("busy", "60s"), folder);
  await running.findProcess("workers/publisher.js");
  const second = await pushbench(["run", "--resume", "busy"], folder);
  expect(second).toMatchObject({ code: 2, orphans: [] });
  expect(second.stderr).toBe(`error: process ${running.child.pid} is at work on busy: wait for its end, or stop it and try again\n`);
  running.child.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 130, orphans: [] });
});

test.each([
  [["nowhere"], "nowhere is no results folder: there is no nowhere/run.json"],
  [["x", "--trials", "3", "--server", "sse-node"], "--resume x goes on with that run as it began: leave out --server, --trials"],
  [["x", "quick"], "leave out quick, or begin a run without --resume"],
])("--resume %j is refused with exit code 2 and what to do", async (args, message) => {
  const { code, stdout, stderr } = await pushbench(["run", "--resume", ...args], folder);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^ +at /m);
});
