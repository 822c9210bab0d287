import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushbench } from "./pushbench-process.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-first-run-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The commands of docs/first-run.md, in their order, without what npm needs around them. */
async function commands(): Promise<string[][]> {
  const text = await readFile(new URL("../docs/first-run.md", import.meta.url), "utf8");
  const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split("\n"));
  return lines
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line !== "npm ci")
    .map((line) =>
      line
        .replace(/^npm run -s pushbench(?: -- )?/, "")
        .split(" ")
        .filter((word) => word !== ""),
    );
}

test("every command of the first run does what it says, one after the other", { timeout: 120_000 }, async () => {
  const all = await commands();
  expect(all.length).toBeGreaterThan(8);
  for (const args of all) {
    const { code, stderr, stdout } = await pushbench(args, folder, { CI: "true" });
    expect(code, `${args.join(" ")}\n${stderr}`).toBe(0);
    expect(stdout).not.toBe("");
  }
});
