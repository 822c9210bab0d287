/** A command as a child process, and what it took. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Took {
  readonly wallMs: number;
  /** Of the process itself, not of those that it started; to a hundredth of a second, less what it did in its last {@link LOOK_MS}. */
  readonly cpuMs: number;
  /** The most that it had resident (VmHWM of `/proc/<pid>/status`). */
  readonly peakBytes: number;
}

/** How often it is looked at. */
export const LOOK_MS = 50;
/** The kernel's ticks in `/proc/<pid>/stat`, in ms. */
const TICK_MS = 10;

/** Runs `node <args>` to its end; throws where that is not with 0. `signal` ends it. */
export async function watchProcess(args: readonly string[], signal: AbortSignal): Promise<Took> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const interrupt = (): void => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
  let seen = { cpuMs: 0, peakBytes: 0 };
  const timer = setInterval(() => (seen = look(child.pid!) ?? seen), LOOK_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`node ${args.join(" ")} ended with ${String(code)}: ${stderr.trim()}`);
    return { wallMs: performance.now() - startedMs, ...seen };
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", interrupt);
  }
}

function look(pid: number): { readonly cpuMs: number; readonly peakBytes: number } | undefined {
  try {
    // The name stands in parentheses and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    // One that has ended has no memory, and still its ticks.
    return peak === null ? undefined : { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, peakBytes: Number(peak[1]) * 1024 };
  } catch {
    return undefined;
  }
}
