import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import { descriptorsPerProcess, readLimits } from "./machine/limits.ts";
import type { Environment } from "./measurement.ts";

const run = promisify(execFile);
const PACKAGE = new URL(import.meta.url.endsWith(".js") ? "../../package.json" : "../package.json", import.meta.url);

/** Where a run takes place: versions, kernel, cores, memory, and the commit of `root`, the folder the run was started in. */
export async function readEnvironment(root: string): Promise<Environment> {
  const [{ version }, os, commit] = await Promise.all([readPackage(), osName(), readCommit(root)]);
  const { cpuQuotaCores = Infinity, memoryLimitBytes = Infinity } = readLimits();
  return {
    pushbench: version,
    node: process.version,
    os,
    kernel: release(),
    cpu: cpus()[0]?.model.trim() || "unknown",
    cores: Math.min(availableParallelism(), cpuQuotaCores),
    memoryBytes: Math.min(totalmem(), memoryLimitBytes),
    descriptorsPerProcess: descriptorsPerProcess(),
    ...commit,
  };
}

/** What of the environment is another one now, each with both values; empty where figures of the two may stand side by side. */
export function environmentChanges(before: Environment, now: Environment): string[] {
  const [were, are] = [namedFacts(before), namedFacts(now)];
  return Object.keys(were).flatMap((name) => (were[name] === are[name] ? [] : [`${name} ${were[name]}, now ${are[name]}`]));
}

function namedFacts(environment: Environment): Record<string, string> {
  const { pushbench, node, os, kernel, cpu, cores, memoryBytes, git } = environment;
  return {
    pushbench,
    Node: node,
    system: os,
    kernel,
    processor: cpu,
    cores: String(cores),
    // A kernel keeps a little for itself, another time a little more.
    memory: `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    "descriptors a process": String(environment.descriptorsPerProcess),
    // The results of a run make a folder dirty.
    commit: git?.replace("+dirty", "") ?? "none",
  };
}

async function readPackage(): Promise<{ readonly version: string }> {
  return JSON.parse(await readFile(PACKAGE, "utf8")) as { version: string };
}

/** "Debian GNU/Linux 12 (bookworm)"; without os-release what the kernel calls itself. */
async function osName(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? type();
}

type Commit = Pick<Environment, "git" | "gitCommittedAt" | "gitBranch">;

/** The commit, `+dirty` when anything differs from it, untracked files included; nothing without git or outside a repository. */
async function readCommit(root: string): Promise<Commit> {
  // No optional locks: looking must not touch the repository's index, which somebody may be using.
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run("git", ["--no-optional-locks", "-C", root, ...args], { timeout: 10_000, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
  try {
    const [commit, committedAt] = (await git("log", "-1", "--no-show-signature", "--format=%H %ct", "HEAD")).split(" ");
    const [changes, branch] = [await git("status", "--porcelain"), await git("branch", "--show-current").catch(() => "")];
    return {
      git: changes === "" ? commit! : `${commit!}+dirty`,
      gitCommittedAt: new Date(Number(committedAt) * 1000).toISOString(),
      ...(branch === "" ? {} : { gitBranch: branch }),
    };
  } catch {
    return {};
  }
}
