/** One process a run: `run.lock` in its folder names who is at it. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

/** Takes the folder, and returns what gives it back. Throws {@link UsageError} where another process has it; one that has ended has not. */
export async function lockRun(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, "run.lock");
  while (!(await createFile(file, `${process.pid}\n`))) {
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    if (await isPushbench(pid)) {
      throw new UsageError(`process ${pid} is at work on ${directory}: wait for its end, or stop it and try again`);
    }
    await rm(file, { force: true });
  }
  return () => rm(file, { force: true });
}

/** After a reboot the number may be anybody's, which its command line tells where there is a /proc. */
async function isPushbench(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "pushbench");
  return command.includes("pushbench");
}
