/** A run with experiments: told of, saved as they are made, gone on with after a stop. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunRecord } from "../../load/measurement.ts";
import { resume, run } from "./run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-textbook-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SUITE = {
  name: "tiny",
  servers: ["sse-node"],
  textbook: true,
  scenarios: [{ name: "a", subscribers: 10, rate: "20/s", settle: 0, warmup: 0, duration: "1s", drain: "1s" }],
};

test("experiments come after the trials; a run that is stopped among them is partial and goes on where it was", async () => {
  const directory = join(folder, "run");
  const stop = new AbortController();
  const kinds: string[] = [];
  const stopped = await run(SUITE, {
    directory,
    signal: stop.signal,
    onEvent(event) {
      if (!["trial-ended", "experiment-started", "experiment-ended"].includes(event.kind)) return;
      kinds.push(event.kind);
      if (event.kind === "experiment-started" && event.name === "coming-back") stop.abort();
    },
  });
  expect(kinds).toEqual([
    ...["trial-ended", "experiment-started", "experiment-ended", "experiment-started", "experiment-ended", "experiment-started"],
  ]);
  expect(stopped.record).toMatchObject({ status: "partial", experiments: [{ name: "websocket-frames" }, { name: "poll-headers" }] });
  expect(JSON.parse(await readFile(join(directory, "run.json"), "utf8"))).toEqual(stopped.record);
  expect(stopped.summary.textbook!.find(({ claim }) => claim.includes("2 to 14 bytes"))).toMatchObject({ verdict: "holds" });
  expect(stopped.summary.textbook!.find(({ claim }) => claim.includes("Last-Event-ID"))).toMatchObject({ verdict: "open" });

  const whole = await resume(directory);
  expect(whole.record.status).toBe("complete");
  expect(whole.record.experiments).toHaveLength(8);
  expect(whole.record.experiments!.slice(0, 2)).toEqual(stopped.record.experiments);
  expect(whole.summary.textbook!.filter(({ verdict }) => verdict === "holds").length).toBeGreaterThan(5);
  expect((JSON.parse(await readFile(join(directory, "run.json"), "utf8")) as RunRecord).experiments).toEqual(whole.record.experiments);
});
