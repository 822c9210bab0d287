/**
 * Keeps what a user's command starts: node keeper.js <folder> <command> [argument …]. The shell has a process group of its own, so that all
 * it starts ends with it: when this process is told to, or when the one that started it is no more. What it prints is passed on.
 */
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { isGroupAlive } from "../process-group.ts";

const [folder = ".", command = "", ...args] = process.argv.slice(2);
/** Less than this process is given itself. */
const GRACE_MS = 1500;

const shell = spawn("sh", ["-c", args.length === 0 ? command : `${command} "$@"`, "sh", ...args], {
  cwd: folder,
  detached: true,
  stdio: ["ignore", "inherit", "inherit"],
});
let stopping = false;
shell.once("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
shell.once("spawn", () => process.send?.({ pid: shell.pid! } satisfies KeeperReport));
shell.once("exit", (code, signal) => {
  if (!stopping) void end(signal === null ? (code ?? 1) : 1);
});
process.once("SIGTERM", () => void end(0));
process.once("disconnect", () => void end(0));

/** What the keeper tells once the command runs. */
export interface KeeperReport {
  readonly pid: number;
}

async function end(code: number): Promise<never> {
  stopping = true;
  tell("SIGTERM");
  for (const untilMs = performance.now() + GRACE_MS; isGroupAlive(shell.pid!) && performance.now() < untilMs;) await delay(20);
  tell("SIGKILL");
  process.exit(code);
}

function tell(signal: NodeJS.Signals): void {
  try {
    process.kill(-shell.pid!, signal);
  } catch {
    // Nobody is left of it.
  }
}
