import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendToFile, saveFile } from "./save.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-save-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("saves a file in folders that are not there yet, and over an older one, and leaves nothing beside it", async () => {
  const path = join(folder, "a", "b", "c.json");
  await saveFile(path, "one");
  await saveFile(path, "two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(join(folder, "a", "b"))).toEqual(["c.json"]);
});

test("several savers into one new folder do not stand in each other's way", async () => {
  await Promise.all(Array.from({ length: 8 }, (_, i) => saveFile(join(folder, "x", "y", "z", `${i}.txt`), String(i))));
  expect(await readdir(join(folder, "x", "y", "z"))).toHaveLength(8);
});

test("a file where a folder is needed is said with the path", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(saveFile(join(folder, "file", "run.json"), "x")).rejects.toThrow(
    /cannot write .*file\/run\.json: a file stands where a folder is needed/,
  );
});

test.skipIf(!existsSync("/proc/self"))("a file system that takes no folders is an error, not an endless loop", async () => {
  await expect(saveFile("/proc/pushbench/run.json", "x")).rejects.toThrow("cannot write /proc/pushbench/run.json");
});

test("what several add to a file at once stands in it piece by piece, none within another, behind what was there", async () => {
  const path = join(folder, "new", "grown.txt");
  const pieces = Array.from({ length: 20 }, (_, i) => `${String.fromCharCode(97 + i).repeat(200_000)}\n`);
  await appendToFile(path, "first\n");
  await Promise.all(pieces.map((piece) => appendToFile(path, piece)));
  const [first, ...lines] = (await readFile(path, "utf8")).split("\n");
  expect(first).toBe("first");
  expect(lines.map((line) => `${line}\n`).sort()).toEqual(["\n", ...pieces]);
});

test("a file that cannot be added to is said with its path", async () => {
  await expect(appendToFile(folder, "x")).rejects.toThrow(`cannot append to ${folder}: `);
});

test.skipIf(!existsSync("/dev/full"))("a full disk is said when something is added", async () => {
  await expect(appendToFile("/dev/full", "x")).rejects.toThrow("cannot append to /dev/full: no space left on the device");
});
