import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createParser } from "eventsource-parser";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { pushbench, startPushbench } from "../pushbench-process.ts";
import type { PushbenchProcess } from "../pushbench-process.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-live-"));
  const workload = "subscribers: 10, rate: 50/s, settle: 50ms, warmup: 100ms, duration: 1s, drain: 1s";
  await writeFile(join(folder, "two.yaml"), `name: two\nservers: [sse-node, websocket-ws]\nscenarios: [{ name: a, ${workload} }]\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const LINE = /^live {2}(http:\/\/127\.0\.0\.1:\d+\/)$/m;

/** Where it serves. */
async function urlOf({ child, said }: PushbenchProcess): Promise<string> {
  let text = "";
  child.stderr!.on("data", (piece: string) => (text += piece));
  await said("live  http://");
  return LINE.exec(text)![1]!;
}

test("run --live tells a tab all that happens, and ends when the run ends although the tab stays open", async () => {
  const running = await startPushbench(["run", "two.yaml", "--out", "two", "--no-history", "--live"], folder);
  const url = await urlOf(running);
  const heard: { event: string; data: Record<string, unknown> }[] = [];
  const parser = createParser({
    onEvent: ({ event = "", data }) => void heard.push({ event, data: JSON.parse(data) as Record<string, unknown> }),
  });
  // A tab that only ever listens, and one that has the page open and reads nothing.
  const idle = await fetch(`${url}events`);
  const { body } = await fetch(`${url}events`);
  for await (const piece of body!.pipeThrough(new TextDecoderStream())) parser.feed(piece);
  const ended = await running.ended;
  expect(ended, ended.stderr).toMatchObject({ code: 0, orphans: [] });
  await idle.body!.cancel().catch(() => {});
  expect(heard.filter(({ event }) => event === "trial").map(({ data }) => data["index"])).toEqual([1, 2]);
  expect(heard.filter(({ event }) => event === "progress").length).toBeGreaterThan(3);
  expect(heard.at(-1)).toMatchObject({ event: "end", data: { status: "complete", report: "two/report.html" } });
});

test.each([
  [["--live", "70000"], "--live 70000: expected a port from 0 to 65535, or none for a free one"],
  [["--live", "8k8"], "--live 8k8: expected a port"],
])("%j is refused before anything is loaded", async (flags, message) => {
  const { code, stdout, stderr } = await pushbench(["run", "two.yaml", ...flags], folder);
  expect(stderr).toContain(message);
  expect([code, stdout]).toEqual([2, ""]);
});

test("a suite behind --live is the suite", async () => {
  const { code, stderr } = await pushbench(["run", "--live", "nowhere.yaml"], folder);
  expect(stderr).toContain('cannot read suite "nowhere.yaml"');
  expect(code).toBe(2);
});
