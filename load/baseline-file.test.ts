import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readBaseline, saveBaseline } from "./baseline-file.ts";
import type { Baseline } from "./baseline-record.ts";

const BASELINE: Baseline = {
  schemaVersion: 1,
  suite: "quick",
  startedAt: "2026-01-02T03:04:05.000Z",
  environment: {
    pushbench: "0.1.0",
    node: "v20.20.2",
    os: "Debian GNU/Linux 12",
    kernel: "6.2.0",
    cpu: "an imagined processor",
    cores: 2,
    memoryBytes: 2 ** 33,
    descriptorsPerProcess: 1_024,
  },
  noiseFloor: { server_cpu_us_per_delivery: 0.08 },
  cells: [
    {
      server: "sse-node",
      scenario: "broadcast",
      trials: 3,
      valid: 2,
      reason: "the probes queue",
      values: { server_cpu_us_per_delivery: [6.1, 6.3] },
      expected: 60_000,
      counts: { messages_lost: 0 },
    },
  ],
};

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-baseline-"));
  path = join(folder, "deep", "baseline.json");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("is what it was when it is read back", async () => {
  await saveBaseline(path, BASELINE);
  expect(await readBaseline(path)).toEqual(BASELINE);
});

it.each([
  ["not there", undefined, "no baseline was saved (`gate --save-baseline"],
  ["no JSON", "{", "no JSON"],
  ["null", "null", "schemaVersion is missing"],
  ["of another version", JSON.stringify({ ...BASELINE, schemaVersion: 2 }), "schemaVersion 2 where this pushbench reads 1"],
  [
    "wrong in two places",
    JSON.stringify({ ...BASELINE, suite: 5, cells: [{ ...BASELINE.cells[0], values: { a: ["x"] } }] }),
    /suite: .*; cells\.0\.values\.a\.0: .*save it again/,
  ],
])("that is %s is refused with what is wrong", async (_, text, message) => {
  const broken = join(folder, "broken.json");
  await rm(broken, { force: true });
  if (text !== undefined) await writeFile(broken, text);
  await expect(readBaseline(broken)).rejects.toThrow(message);
  await expect(readBaseline(broken)).rejects.toMatchObject({ name: "UsageError" });
});
