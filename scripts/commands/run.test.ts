import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findCommand } from "../../load/find-command.ts";
import type { HistoryPoint } from "../../load/history-record.ts";
import type { Measurement, RunRecord } from "../../load/measurement.ts";
import { pushbench, startPushbench } from "../pushbench-process.ts";

const execute = promisify(execFile);
// A trial takes three seconds on a quiet machine; each of these runs up to three.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-run-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const WORKLOAD = "subscribers: 20, rate: 50/s, settle: 50ms, warmup: 200ms, duration: 1s, drain: 2s, pollInterval: 50ms";

/** Writes a suite of one broadcast over `servers`, and returns the arguments that run it into a folder of its own. */
async function suite(name: string, servers: string, workload = WORKLOAD): Promise<string[]> {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, `name: ${name}\nservers: ${servers}\nscenarios:\n  - { name: broadcast, pattern: broadcast, ${workload} }\n`);
  return ["run", file, "--out", join(folder, name)];
}

async function readJson<T>(...path: string[]): Promise<T> {
  return JSON.parse(await readFile(join(folder, ...path), "utf8")) as T;
}

async function measurements(name: string): Promise<Measurement[]> {
  const files = (await readdir(join(folder, name, "trials"))).sort();
  return Promise.all(files.map((file) => readJson<Measurement>(name, "trials", file)));
}

interface SummaryFile {
  readonly status: string;
  readonly cells: readonly { readonly server: string; readonly metrics: Readonly<Record<string, { readonly median: number }>> }[];
}

test("a run delivers everything exactly, leaves its report, and nothing else", async () => {
  const args = await suite("whole", "[polling-node, sse-node, websocket-ws]");
  const ended = await pushbench([...args, "--history", "whole.jsonl"], folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0, orphans: [], leftovers: [] });
  expect(ended.stderr).toContain("added to the history whole.jsonl: 3 cells\n");
  const lines = (await readFile(join(folder, "whole.jsonl"), "utf8")).trimEnd().split("\n");
  const points = lines.map((line) => JSON.parse(line) as HistoryPoint);
  expect(points).toMatchObject(
    ["polling-node", "sse-node", "websocket-ws"].map((server) => ({ run: "whole", server, scenario: "broadcast", trials: 1 })),
  );
  expect(ended.stdout).toContain("websocket-ws");
  expect(ended.stdout).toContain("report.html");
  expect((await readdir(join(folder, "whole"))).sort()).toEqual(["report.html", "run.json", "summary.json", "summary.md", "trials"]);

  const { status, cells } = await readJson<SummaryFile>("whole", "summary.json");
  expect(status).toBe("complete");
  expect(cells.map(({ server }) => server).sort()).toEqual(["polling-node", "sse-node", "websocket-ws"]);
  for (const { server, metrics } of cells) {
    const values = Object.fromEntries(Object.entries(metrics).map(([name, { median }]) => [name, median]));
    expect(values).toMatchObject({
      messages_published: 50,
      messages_expected: 1000,
      messages_delivered: 1000,
      messages_lost: 0,
      messages_duplicated: 0,
      messages_reordered: 0,
      messages_corrupt: 0,
      server_fds_leaked: 0,
      server_fds_per_connection: 1,
    });
    // 128 bytes of payload, and a frame head of four; nothing goes up.
    if (server === "websocket-ws") {
      expect(values).toMatchObject({ bytes_down_per_delivery: 132, bytes_up_per_delivery: 0 });
      if (findCommand("ss") !== undefined) {
        expect(values).toMatchObject({ send_queue_bytes: 0 });
        // The kernel counts what it sends twice twice, and does so where a receiver gets no core for long.
        expect(values["wire_bytes_per_delivery"]).toBeGreaterThanOrEqual(132);
        expect(values["wire_bytes_per_delivery"]).toBeLessThan(132 * 1.1);
      }
    }
    if (server !== "polling-node") expect(values).toMatchObject({ requests_per_delivery: 0 });
  }
});

test("what does not fit on this machine is refused before anything starts, with the arithmetic", async () => {
  const ended = await pushbench(
    await suite("huge", "[sse-node]", `${WORKLOAD}, subscribers: 1M, instances: 1`.replace("subscribers: 20, ", "")),
    folder,
  );
  expect(ended, ended.stderr).toMatchObject({ code: 2, orphans: [], leftovers: [] });
  expect(ended.stderr).toMatch(/sse-node · broadcast: it does not fit on this machine: it needs 1,000,100 descriptors a process \(/);
  await expect(readdir(join(folder, "huge"))).rejects.toThrow("ENOENT");
});

test("where a server broke it is not asked for more, and the report says so", async () => {
  const file = join(folder, "climb.yaml");
  await writeFile(
    file,
    [
      "name: climb",
      "servers: [sse-node]",
      "climb: subscribers",
      "matrix: { subscribers: [20, 5] }",
      // Nothing is as early as this: it breaks at the first step.
      `scenarios: [{ name: a, ${WORKLOAD.replace("subscribers: 20, ", "")}, thresholds: [population_latency_ms.max < 0] }]`,
    ].join("\n"),
  );
  const ended = await pushbench(["run", file, "--out", join(folder, "climb")], folder);
  expect(ended, ended.stderr).toMatchObject({ orphans: [], leftovers: [] });
  expect(ended.stderr).toMatch(/– skipped sse-node a,subscribers=20: it broke at subscribers 5 already: population_latency_ms\.max was /);
  const { status, skipped } = await readJson<RunRecord>("climb", "run.json");
  expect(status).toBe("complete");
  expect(skipped).toMatchObject([{ index: 2, server: "sse-node", scenario: "a,subscribers=20" }]);
  expect(await readFile(join(folder, "climb", "summary.md"), "utf8")).toContain(
    "sse-node · a,subscribers=20 was not run: it broke at subscribers 5",
  );
});

test("over TLS, on topics, on two instances, everything is delivered as well", async () => {
  const file = join(folder, "tls.yaml");
  await writeFile(
    file,
    `name: tls\nservers: [polling-node, sse-node, websocket-ws]\nscenarios:\n  - { name: topics, pattern: topics, topics: 4, instances: 2, tls: true, ${WORKLOAD} }\n`,
  );
  const ended = await pushbench(["run", file, "--out", join(folder, "tls")], folder);
  expect(ended, ended.stderr).toMatchObject({ code: 0, orphans: [] });
  for (const { metrics, ledger, histograms } of await measurements("tls")) {
    // 50 messages over four topics in turn, five subscribers a topic.
    expect(metrics).toMatchObject({ messages_published: 50, messages_expected: 250, messages_delivered: 250, messages_lost: 0 });
    expect(ledger.whole).toMatchObject({ expected: 300, delivered: 300, corrupt: 0 });
    expect(histograms.tls_handshake?.count).toBe(20);
  }
});

test("a target that is down is named with its address, exit 5", async () => {
  const ended = await pushbench(
    await suite("down", '[{ name: mine, transport: sse, url: "http://127.0.0.1:9", control: "http://127.0.0.1:9" }]'),
    folder,
  );
  expect(ended).toMatchObject({ code: 5, orphans: [], leftovers: [] });
  expect(ended.stderr + ended.stdout).toContain("127.0.0.1:9");
  expect(ended.stderr).not.toContain("    at ");
});

test.each([
  ["server", "serve.js", "server-exit"],
  ["worker", "workers/subscriber.js", "worker"],
  ["publisher", "workers/publisher.js", "worker"],
])("a %s killed in the middle fails its trial with the reason; the run goes on, exit 5", async (name, process_, kind) => {
  const args = await suite(`killed-${name}`, "[sse-node, websocket-ws]");
  const running = await startPushbench(args, folder);
  // The fleet starts once the server is up.
  await running.findProcess("workers/publisher.js");
  process.kill(await running.findProcess(process_), "SIGKILL");
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 5, orphans: [], leftovers: [] });
  const [first, second] = await measurements(`killed-${name}`);
  expect(first).toMatchObject({ status: "failed", failure: { kind } });
  expect(first!.failure!.message).toContain("SIGKILL");
  expect(second).toMatchObject({ status: "complete", metrics: { messages_lost: 0 } });
  expect(await readJson<RunRecord>(`killed-${name}`, "run.json")).toMatchObject({ status: "failed" });
  expect(ended.stdout).toContain("SIGKILL");
});

test("Ctrl-C in the middle keeps what is finished, as a partial run that can be reported", async () => {
  const args = await suite("stopped", "[sse-node]", WORKLOAD.replace("duration: 1s", "duration: 60s"));
  const running = await startPushbench(args, folder, { PUSHBENCH_HISTORY: "stopped.jsonl" });
  await running.findProcess("workers/publisher.js");
  const pressedAt = performance.now();
  running.child.kill("SIGINT");
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 130, orphans: [], leftovers: [] });
  expect(performance.now() - pressedAt).toBeLessThan(8000);
  expect(ended.stderr).toContain("SIGINT");
  expect(ended.stderr).toContain("not added to the history: the run is partial");
  await expect(readFile(join(folder, "stopped.jsonl"))).rejects.toThrow("ENOENT");
  expect(await readJson<RunRecord>("stopped", "run.json")).toMatchObject({ status: "partial" });

  const report = await pushbench(["report", join(folder, "stopped")], folder);
  expect(report, report.stderr).toMatchObject({ code: 0 });
});

test("a coordinator that is killed leaves no process behind", async () => {
  const running = await startPushbench(await suite("shot", "[sse-node]", WORKLOAD.replace("duration: 1s", "duration: 60s")), folder);
  const pids = await Promise.all(["serve.js", "workers/publisher.js", "workers/subscriber.js"].map((text) => running.findProcess(text)));
  running.child.kill("SIGKILL");
  await running.ended;
  for (const pid of pids) await gone(pid);
});

test("a full disk is said with the file, and what was saved stays", async (context) => {
  const disk = join(folder, "disk");
  await mkdir(disk);
  const mounted = await execute("mount", ["-t", "tmpfs", "-o", "size=48k", "tmpfs", disk]).then(
    () => true,
    () => false,
  );
  context.skip(!mounted, "needs the right to mount a small tmpfs");
  try {
    const [command, file] = await suite("full", "[sse-node, websocket-ws]");
    const ended = await pushbench([command!, file!, "--out", join(disk, "full")], folder);
    expect(ended).toMatchObject({ code: 1, orphans: [], leftovers: [] });
    expect(ended.stderr).toMatch(/cannot write .*disk\/full\/.*no space left/);
    expect(ended.stderr).not.toContain("    at ");
    // The record of the run was saved before the first trial.
    expect(JSON.parse(await readFile(join(disk, "full", "run.json"), "utf8"))).toMatchObject({ schemaVersion: 1 });
    expect((await readdir(join(disk, "full"), { recursive: true })).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  } finally {
    await execute("umount", [disk]);
  }
});

/** Resolves once no process has that pid. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    // A zombie has ended; it waits for whoever adopts it.
    if (state === undefined || / Z /.test(state)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
