import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readEnvironment } from "./environment.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "pushbench-environment-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function git(path: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-C", path, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" }).trim();
}

describe("environment", () => {
  it("names versions and the machine", async () => {
    const environment = await readEnvironment(folder());
    expect(environment).toMatchObject({ pushbench: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.version });
    expect(environment.cores).toBeGreaterThan(0);
    expect(environment.memoryBytes).toBeGreaterThan(0);
    expect(environment.descriptorsPerProcess).toBeGreaterThan(0);
    for (const field of ["os", "kernel", "cpu"] as const) expect(environment[field]).not.toBe("");
  });

  it("names the commit, and says when something differs from it", async () => {
    const path = folder();
    git(path, "init", "--quiet");
    expect(await readEnvironment(path)).not.toHaveProperty("git");
    git(path, "commit", "--quiet", "--allow-empty", "-m", "first");
    const commit = git(path, "rev-parse", "HEAD");
    expect((await readEnvironment(path)).git).toBe(commit);
    writeFileSync(join(path, "new"), "");
    expect((await readEnvironment(path)).git).toBe(`${commit}+dirty`);
  });

  it("has no commit outside a repository, or where git is not installed", async () => {
    expect(await readEnvironment(folder())).not.toHaveProperty("git");
    vi.stubEnv("PATH", folder());
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await readEnvironment(process.cwd())).not.toHaveProperty("git");
  });
});
