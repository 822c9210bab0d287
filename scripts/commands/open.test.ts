import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pushbench } from "../pushbench-process.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-open-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const NOBODY = { CI: "", SSH_CONNECTION: "", SSH_TTY: "", DISPLAY: "", WAYLAND_DISPLAY: "" };

/** A results folder whose record was saved at that second. */
async function results(name: string, second: number, files: readonly string[]): Promise<void> {
  const directory = join(folder, "results", name);
  await mkdir(directory, { recursive: true });
  for (const file of files) {
    await writeFile(join(directory, file), "{}");
    await utimes(join(directory, file), second, second);
  }
}

describe("open", () => {
  it("prints the newest report, and says why it opens none", async () => {
    await results("20260101T000000Z-a", 300, ["run.json", "report.html"]);
    await results("20260102T000000Z-b", 100, ["run.json", "report.html"]);
    await results("20260103T000000Z-stopped", 400, ["run.json"]);
    await results("20260104T000000Z-gate", 500, ["gate.json"]);
    const { code, stdout, stderr } = await pushbench(["open"], folder, NOBODY);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(folder, "results/20260101T000000Z-a/report.html")}\n` });
    expect(stderr).toBe("not opened: there is no desktop, neither DISPLAY nor WAYLAND_DISPLAY is set\n");
  });

  it("only prints with --print, and is one document with --json", async () => {
    await results("a", 1, ["run.json", "report.html"]);
    const report = join(folder, "results/a/report.html");
    const [print, json] = await Promise.all([
      pushbench(["open", "results/a", "--print"], folder, { ...NOBODY, DISPLAY: ":0" }),
      pushbench(["open", report, "--json"], folder, { ...NOBODY, DISPLAY: ":0" }),
    ]);
    expect(print).toMatchObject({ code: 0, stdout: `${report}\n`, stderr: "" });
    expect([json.code, JSON.parse(json.stdout), json.stderr]).toEqual([0, { schemaVersion: 1, report }, ""]);
  });

  it.runIf(process.platform === "linux")("hands the report to the browser where there is a desktop", async () => {
    await results("a b", 1, ["run.json", "report.html"]);
    const [browser, seen] = [join(folder, "browser"), join(folder, "seen")];
    await writeFile(browser, `#!/bin/sh\nprintf '%s' "$1" > '${seen}.new' && mv '${seen}.new' '${seen}'\n`);
    await chmod(browser, 0o755);
    const env = { ...NOBODY, DISPLAY: ":0", BROWSER: browser, XDG_CURRENT_DESKTOP: "", HOME: folder };
    expect(await pushbench(["open"], folder, env)).toMatchObject({ code: 0, stderr: "" });
    // It goes on beside us, as a browser does.
    await expect.poll(() => readFile(seen, "utf8").catch(() => ""), { timeout: 8000 }).toContain("report.html");
  });

  it.each([
    [[], "no report yet: there is no run in results/; begin with: pushbench run quick"],
    [["nowhere"], "nowhere is not there: expected a folder under results/, or a report.html"],
    [["."], "is no results folder: there is no run.json"],
    [["results/gated"], "results/gated is a gate, which has no page: read results/gated/gate.md"],
    [["results/a b"], "results/a b has no report.html yet: make it with: pushbench report 'results/a b'"],
    [["results/a b/run.json"], "results/a b/run.json is no report"],
  ])("%j ends with 2 and says what to do", async (args, message) => {
    if (args.length > 0) await results("a b", 1, ["run.json"]);
    if (args.length > 0) await results("gated", 1, ["gate.json"]);
    const { code, stdout, stderr } = await pushbench(["open", ...args], folder, NOBODY);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, ""]);
  });
});
