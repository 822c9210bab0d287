/** One process a run: `run.lock` in its folder names who is at it. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

/** Takes the folder, and returns what gives it back. Throws {@link UsageError} where another process has it; one that has ended has not. */
export async function lockRun(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, "run.lock");
  const began = await beginOf(process.pid);
  while (!(await createFile(file, `${[process.pid, ...(began === undefined ? [] : [began])].join(" ")}\n`))) {
    const [pid = "", since] = (await readFile(file, "utf8").catch(() => "")).trim().split(" ");
    if (await isAtWork(Number(pid), since)) {
      throw new UsageError(`process ${pid} is at work on ${directory}: wait for its end, or stop it and try again`);
    }
    await rm(file, { force: true });
  }
  return () => rm(file, { force: true });
}

/** After a reboot the number may be anybody's, which the time of its begin tells, or its command line where a lock has none. */
async function isAtWork(pid: number, since: string | undefined): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  if (since !== undefined) return ((await beginOf(pid)) ?? since) === since;
  const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "pushbench");
  return command.includes("pushbench");
}

/** When a process began, in ticks since the system did (proc_pid_stat(5), field 22); `undefined` where there is no /proc. */
async function beginOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  // The second field is a name in brackets, and may hold any.
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}
