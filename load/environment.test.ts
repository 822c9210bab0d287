import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { environmentChanges, readEnvironment } from "./environment.ts";

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
    git(path, "checkout", "--quiet", "-b", "feature/a-b");
    git(path, "commit", "--quiet", "--allow-empty", "--date", "2001-02-03T04:05:06Z", "-m", "first");
    const commit = git(path, "rev-parse", "HEAD");
    const gitCommittedAt = new Date(git(path, "show", "-s", "--format=%cI", "HEAD")).toISOString();
    expect(await readEnvironment(path)).toMatchObject({ git: commit, gitCommittedAt, gitBranch: "feature/a-b" });
    git(path, "checkout", "--quiet", "--detach");
    expect(await readEnvironment(path)).toMatchObject({ git: commit, gitCommittedAt });
    expect(await readEnvironment(path)).not.toHaveProperty("gitBranch");
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

describe("what changed between two environments", () => {
  const before = {
    pushbench: "0.1.0",
    node: "v20.18.1",
    os: "Debian GNU/Linux 12",
    kernel: "6.1.0",
    cpu: "an imagined processor",
    cores: 2,
    memoryBytes: 8 * 2 ** 30,
    descriptorsPerProcess: 1024,
    git: "abc",
  };

  it("is nothing for the same place after a reboot, with results in its folder", () => {
    expect(environmentChanges(before, { ...before, memoryBytes: before.memoryBytes - 4096, git: "abc+dirty" })).toEqual([]);
  });

  it("names each fact with both values", () => {
    const { git: _git, ...now } = { ...before, pushbench: "0.2.0", node: "v22.2.0", kernel: "6.2.0", cores: 4 };
    expect(environmentChanges(before, now)).toEqual([
      "pushbench 0.1.0, now 0.2.0",
      "Node v20.18.1, now v22.2.0",
      "kernel 6.1.0, now 6.2.0",
      "cores 2, now 4",
      "commit abc, now none",
    ]);
  });
});
