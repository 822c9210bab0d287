/** Test support: the command as a process, compiled as a user of the package runs it, and everything that process leaves behind. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compiledFile } from "../load/compiled.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Processes that it started and that still run. */
  readonly orphans: readonly string[];
  /** Files left in its temporary folder. */
  readonly leftovers: readonly string[];
}

export interface PushbenchProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first pid among its descendants whose command line holds `text`. */
  findProcess(text: string): Promise<number>;
  /** Resolves once what it wrote to stderr holds `text`. */
  said(text: string): Promise<void>;
}

/** Starts `pushbench <args>` in `cwd`. Its descendants are known by a mark in their environment, whatever their parents became. */
export async function startPushbench(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<PushbenchProcess> {
  const mark = randomUUID();
  const temporary = await mkdtemp(join(tmpdir(), "pushbench-test-"));
  const child = spawn(process.execPath, [compiledFile("scripts/pushbench.ts"), ...args], {
    cwd,
    // Tests run under npm or npx, whose name the messages would take over.
    env: {
      ...process.env,
      npm_lifecycle_event: undefined,
      PUSHBENCH_TEST_MARK: mark,
      TMPDIR: temporary,
      NO_COLOR: "1",
      FORCE_COLOR: "",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      void (async () => {
        const orphans = (await marked(mark)).map(({ pid, command }) => `${pid} ${command}`);
        const leftovers = await readdir(temporary, { recursive: true });
        await rm(temporary, { recursive: true, force: true });
        resolve({ code, stdout, stderr, orphans, leftovers });
      })();
    });
  });

  return {
    child,
    ended,
    async findProcess(text) {
      for (;;) {
        const found = (await marked(mark)).find(({ pid, command }) => pid !== child.pid && command.includes(text));
        if (found !== undefined) return found.pid;
        if (child.exitCode !== null) throw new Error(`pushbench ended before it started ${text}: ${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    said(text) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!stderr.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`pushbench ended without saying "${text}": ${stderr}`)));
      });
    },
  };
}

/** Runs it to its end. */
export async function pushbench(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return (await startPushbench(args, cwd, env)).ended;
}

async function marked(mark: string): Promise<{ readonly pid: number; readonly command: string }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      if (!environment.includes(mark)) return [];
      const command = (await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")).replaceAll("\0", " ").trim();
      // A process that has ended and waits for its parent has no command line left.
      return command === "" ? [] : [{ pid: Number(pid), command }];
    }),
  );
  return found.flat();
}
