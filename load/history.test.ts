import { execFile } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiledFile } from "./compiled.ts";
import { appendToHistory, readHistory } from "./history.ts";
import type { HistoryPoint } from "./history-record.ts";

let folder: string;
let files = 0;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-history-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

function newFile(): string {
  return join(folder, `${++files}`, "history.jsonl");
}

function point(at: number, changes: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    schemaVersion: 1,
    at: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
    run: `run-${at}`,
    suite: "quick",
    server: "sse-node",
    transport: "sse",
    scenario: "broadcast",
    workload: "0123456789ab",
    commit: { id: "a".repeat(40), dirty: false, committedAt: "2026-01-01T00:00:00.000Z", branch: "main" },
    environment: { cpu: "an imagined processor", cores: 2, node: "20", kernel: "6.2", pushbench: "0.1.0" },
    valid: true,
    trials: 3,
    metrics: { server_cpu_us_per_delivery: { median: 5, low: 4, high: 6, n: 3 } },
    ...changes,
  };
}

describe("a history", () => {
  test("gives back what was appended, in its order, a line a point", async () => {
    const file = newFile();
    expect(await readHistory(file)).toBeUndefined();
    const hostile = point(2, { server: '\u001b[31m"\n{}', run: "</script>" });
    expect(await appendToHistory(file, [point(1), hostile])).toBe(2);
    expect(await appendToHistory(file, [point(3)])).toBe(1);
    expect(await readHistory(file)).toEqual({ file, points: [point(1), hostile, point(3)], problems: [] });
    expect((await readFile(file, "utf8")).match(/\n/g)).toHaveLength(3);
  });

  test("takes a cell of a run once, wherever the run's folder is by then, and even where two wrote it at once", async () => {
    const file = newFile();
    await appendToHistory(file, [point(1)]);
    expect(await appendToHistory(file, [point(1, { run: "moved" }), point(1, { server: "sse-uws" })])).toBe(1);
    expect(await appendToHistory(file, [point(1)])).toBe(0);
    await appendFile(file, `${JSON.stringify(point(1))}\n`);
    expect((await readHistory(file))!.points).toEqual([point(1), point(1, { server: "sse-uws" })]);
  });

  test("skips a last line that was cut off and says so, and goes on behind it on a line of its own", async () => {
    const file = newFile();
    await appendToHistory(file, [point(1), point(2)]);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.slice(0, -20));
    const told = `${file}:2: the last line is cut off, as by a process that was killed`;
    expect(await readHistory(file)).toEqual({ file, points: [point(1)], problems: [told] });
    expect(await appendToHistory(file, [point(2), point(3)])).toBe(2);
    expect(await readHistory(file)).toEqual({ file, points: [point(1), point(2), point(3)], problems: [`${file}:2: no line of JSON`] });
  });

  test("can be cut off at any byte, the first line as well", async () => {
    const file = newFile();
    await appendToHistory(file, [point(1)]);
    const whole = await readFile(file, "utf8");
    for (let end = 0; end < whole.length - 1; end += 7) {
      await writeFile(file, whole.slice(0, end));
      expect((await readHistory(file))!.points).toEqual([]);
    }
  });

  test.each([
    ["another version", { schemaVersion: 2 }, "schemaVersion 2 where this pushbench reads 1"],
    ["no version", { schemaVersion: undefined }, "schemaVersion is missing where this pushbench reads 1"],
    ["a figure that is none", { metrics: { a: { median: "5" } } }, /^metrics\.a\.median: Invalid input: expected number/],
    ["a commit that is none", { commit: { id: "$(rm)", dirty: false } }, /^commit\.id: /],
    ["a time that is none", { at: "yesterday" }, /^at: /],
  ])("skips a line with %s and says why", async (_, wrong, reason) => {
    const file = newFile();
    await appendToHistory(file, [point(1)]);
    await appendFile(file, `${JSON.stringify({ ...point(2), ...wrong })}\n\n`);
    const { points, problems } = (await readHistory(file))!;
    expect(points).toEqual([point(1)]);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.slice(`${file}:2: `.length)).toMatch(reason);
  });

  test("is no file of another kind: that is neither read nor added to", async () => {
    const file = newFile();
    await mkdir(join(file, ".."), { recursive: true });
    for (const text of ["name: mine\nservers: all\n", '{"schemaVersion":1,"trial":{}}\n', "null", JSON.stringify({ a: 1 }, null, 2)]) {
      await writeFile(file, text);
      const refused = {
        name: "UsageError",
        message: expect.stringMatching(/history\.jsonl:1: .*is no history that this pushbench can read/) as string,
      };
      await expect(readHistory(file)).rejects.toMatchObject(refused);
      await expect(appendToHistory(file, [point(1)])).rejects.toMatchObject(refused);
      expect(await readFile(file, "utf8")).toBe(text);
    }
    await expect(readHistory(folder)).rejects.toThrow(`${folder} is no file`);
  });

  test("takes the lines of several processes that write at once, whole", async () => {
    const file = newFile();
    const writers = [1, 2, 3].map((writer) => {
      const program = `
        const { appendToHistory } = await import(${JSON.stringify(compiledFile("load/history.ts"))});
        const point = ${JSON.stringify(point(0, { run: "x".repeat(20_000) }))};
        for (let n = 0; n < 15; n++) await appendToHistory(${JSON.stringify(file)}, [{ ...point, server: ${JSON.stringify(`${writer}-`)} + n }]);`;
      return promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    });
    await Promise.all(writers);
    const { points, problems } = (await readHistory(file))!;
    expect(problems).toEqual([]);
    expect(points.map(({ server }) => server).sort()).toEqual(
      [1, 2, 3].flatMap((writer) => Array.from({ length: 15 }, (_, n) => `${writer}-${n}`)).sort(),
    );
  }, 30_000);
});
