import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CHART_NAMES, fixtureRun } from "./fixture.ts";
import { sizeWarnings, writeReport } from "./report.ts";
import { writeCharts } from "./charts/files.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "pushbench-report-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it("writes summary.json, summary.md and report.html, and nothing else", async () => {
  const { summary, files, warnings } = await writeReport(fixtureRun(), directory);
  expect(files).toEqual(["summary.json", "summary.md", "report.html"].map((name) => join(directory, name)));
  expect((await readdir(directory)).toSorted()).toEqual(["report.html", "summary.json", "summary.md"]);
  expect(JSON.parse(await readFile(files[0]!, "utf8"))).toEqual(JSON.parse(JSON.stringify(summary)));
  expect(warnings).toEqual([]);
});

it("writes the same files from the same run", async () => {
  const read = (files: readonly string[]) => Promise.all(files.map((file) => readFile(file, "utf8")));
  const first = await read((await writeReport(fixtureRun(), directory)).files);
  const second = await read((await writeReport(fixtureRun(), directory)).files);
  expect(second).toEqual(first);
});

it("names the file that could not be written, keeps what stood there, and leaves no temporary file", async () => {
  await writeFile(join(directory, "summary.json"), "old");
  await mkdir(join(directory, "report.html", "in-the-way"), { recursive: true });
  await expect(writeReport(fixtureRun(), directory)).rejects.toThrow(new RegExp(`cannot write ${join(directory, "report.html")}`));
  expect(await readdir(join(directory, "report.html"))).toEqual(["in-the-way"]);
  expect((await readdir(directory)).filter((name) => name.includes("tmp"))).toEqual([]);
});

it("warns of a page above 5 MB", () => {
  expect(sizeWarnings(5 * 2 ** 20)).toEqual([]);
  expect(sizeWarnings(7.5 * 2 ** 20)).toEqual(["report.html has 7.5 MB, more than 5: split the suite into fewer scenarios a run"]);
});

it.each([
  ["svg", ".svg", /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/],
  ["spec", ".vl.json", /^\{\s*"description"/],
] as const)("writes every chart as a file that stands alone: %s", async (format, ending, start) => {
  const run = fixtureRun();
  const { summary } = await writeReport(run, directory);
  const files = await writeCharts({ run, summary }, format, join(directory, "new", "charts"));
  expect(files).toHaveLength(CHART_NAMES.length);
  expect(files).toContain(join(directory, "new", "charts", `latency-ranges-broadcast${ending}`));
  for (const file of files) {
    const text = await readFile(file, "utf8");
    expect(text).toMatch(start);
    expect(text).not.toContain("var(--");
  }
});
