import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultNoiseFile, keepNoise, machineClass, readNoise } from "./noise-file.ts";
import type { NoiseRecord } from "./noise-record.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pushbench-noise-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const record = (machine: string, rounds: number): NoiseRecord => ({
  machine,
  measuredAt: "2026-01-02T03:04:05.000Z",
  mode: "duet",
  rounds,
  cells: [{ server: "sse-node", scenario: "topics", metrics: { server_cpu_us_per_delivery: { paired: 0.03, alone: 0.08, rounds } } }],
});

test("each class of machine has its last record", async () => {
  const file = join(folder, "deep", "noise.json");
  expect(await readNoise(file, "a")).toBeUndefined();
  await keepNoise(file, record("a", 10));
  await keepNoise(file, record("b", 11));
  await keepNoise(file, record("a", 12));
  expect(await readNoise(file, "a")).toEqual(record("a", 12));
  expect(await readNoise(file, "b")).toEqual(record("b", 11));
});

test("what cannot be read is said, and is not written over", async () => {
  const file = join(folder, "broken.json");
  await writeFile(file, "{");
  await expect(readNoise(file, "a")).rejects.toThrow(`${file}: no JSON`);
  await expect(keepNoise(file, record("a", 1))).rejects.toThrow(`${file}: no JSON`);
});

test("a class is what makes figures comparable, and no more", () => {
  const environment = {
    pushbench: "1.0.0",
    node: "v20.20.2",
    os: "Debian",
    kernel: "6.1.0-18-amd64",
    cpu: "AMD EPYC 7763",
    cores: 2,
    memoryBytes: 7.9 * 2 ** 30,
    descriptorsPerProcess: 1024,
  };
  expect(machineClass(environment)).toBe("AMD EPYC 7763, 2 cores, 8 GiB, Node 20, kernel 6.1");
  expect(machineClass({ ...environment, node: "v20.1.0", kernel: "6.1.99", os: "Ubuntu" })).toBe(machineClass(environment));
});

test("it is kept in the user's cache", () => {
  expect(defaultNoiseFile({ XDG_CACHE_HOME: "/cache" })).toBe("/cache/pushbench/noise.json");
  expect(defaultNoiseFile({})).toMatch(/\/\.cache\/pushbench\/noise\.json$/);
});
