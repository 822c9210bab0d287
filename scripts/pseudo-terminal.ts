/**
 * Test support: the command on a real terminal of the kernel's, by `script` of util-linux, and what a screen shows of it, by the terminal
 * emulator that editors embed. A native module such as node-pty would have to be compiled for that.
 */
import { execFile, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compiledFile } from "../load/compiled.ts";
import { createScreen } from "./screen.ts";
import type { Screen } from "./screen.ts";

export interface PseudoTerminal extends Pick<Screen, "lines" | "wrappedLines"> {
  /** Resolves once the screen shows what is looked for. */
  until(shows: RegExp): Promise<void>;
  /** As on a keyboard: `\u0003` is Ctrl-C. */
  type(keys: string): void;
  /** As a window that is dragged. */
  resize(columns: number): Promise<void>;
  /** With its exit code. */
  readonly ended: Promise<number | null>;
  dispose(): Promise<void>;
}

const ROWS = 30;

/** Why there is no pseudo-terminal to be had here; `undefined` where there is. */
export function whyNoTerminal(): string | undefined {
  try {
    const version = execFileSync("script", ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return version.includes("util-linux") ? undefined : "needs script of util-linux; what is called so here is another one";
  } catch {
    return "needs script of util-linux (apt install bsdutils)";
  }
}

/** Starts `pushbench <args>` in `cwd` on a terminal so wide. */
export async function onTerminal(
  args: readonly string[],
  { cwd, columns, env = {} }: { readonly cwd: string; readonly columns: number; readonly env?: NodeJS.ProcessEnv },
): Promise<PseudoTerminal> {
  const mark = randomUUID();
  const temporary = await mkdtemp(join(tmpdir(), "pushbench-terminal-"));
  const command = `stty rows ${ROWS} columns ${columns}; exec "$NODE" ${[compiledFile("scripts/pushbench.ts"), ...args].map(quoted).join(" ")}`;
  const child = spawn("script", ["-qfec", command, "/dev/null"], {
    cwd,
    env: {
      ...process.env,
      // Tests run under npm, in CI, without colour: here it is a person's shell.
      ...{ npm_lifecycle_event: undefined, CI: undefined, GITHUB_ACTIONS: undefined, NO_COLOR: undefined, FORCE_COLOR: undefined },
      ...{ NODE: process.execPath, SHELL: "/bin/sh", TERM: "xterm-256color", PUSHBENCH_TEST_MARK: mark, TMPDIR: temporary },
      ...env,
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const screen = createScreen(columns, ROWS);
  const watchers = new Set<() => void>();
  let all = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    screen.write(text, () => {
      for (const watcher of watchers) watcher();
    });
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => screen.write("", () => resolve(code)));
  });
  return {
    lines: screen.lines,
    wrappedLines: screen.wrappedLines,
    until(shows) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!shows.test(screen.lines().join("\n"))) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void ended.then(() =>
          reject(new Error(`ended without showing ${String(shows)}:\n${screen.lines().join("\n")}\n${JSON.stringify(all)}`)),
        );
      });
    },
    type: (keys) => void child.stdin.write(keys),
    async resize(next) {
      screen.resize(next, ROWS);
      await promisify(execFile)("stty", ["-F", await terminalOf(mark), "columns", String(next)]);
    },
    ended,
    async dispose() {
      if (child.exitCode === null) child.kill("SIGKILL");
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

/** The device on which a process with that mark runs. */
async function terminalOf(mark: string): Promise<string> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
    const device = environment.includes(mark) ? await readlink(`/proc/${pid}/fd/2`).catch(() => "") : "";
    if (device.startsWith("/dev/pts/")) return device;
  }
  throw new Error("no process on a pseudo-terminal");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
