import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockRun } from "./run-lock.ts";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "pushbench-lock-"))));
afterEach(() => rm(folder, { recursive: true }));

/** A process that lives until it is killed, with these words on its command line. */
async function idle(...words: readonly string[]): Promise<{ readonly pid: number; stop(): Promise<unknown> }> {
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()", ...words], { stdio: ["pipe", "ignore", "ignore"] });
  await once(child, "spawn");
  return {
    pid: child.pid!,
    stop() {
      child.kill("SIGKILL");
      return once(child, "close");
    },
  };
}

test("a folder is taken, made where it is not there, and given back", async () => {
  const run = join(folder, "results", "one");
  const unlock = await lockRun(run);
  expect(await readFile(join(run, "run.lock"), "utf8")).toMatch(new RegExp(`^${process.pid}( \\d+)?\n$`));
  await unlock();
  expect(await readdir(run)).toEqual([]);
});

test("a folder that another process is at work on is refused, with its number, until it has ended", async () => {
  const other = await idle("pushbench", "run");
  await writeFile(join(folder, "run.lock"), `${other.pid}\n`);
  await expect(lockRun(folder)).rejects.toThrow(`process ${other.pid} is at work on ${folder}: wait for its end`);
  expect(await readdir(folder)).toEqual(["run.lock"]);
  await other.stop();
  await (
    await lockRun(folder)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test.runIf(process.platform === "linux")("a number that a reboot gave to some other program holds nothing", async () => {
  const other = await idle("vi", "notes");
  await writeFile(join(folder, "run.lock"), `${other.pid}\n`);
  await (
    await lockRun(folder)
  )();
  await other.stop();
});

test.runIf(process.platform === "linux")(
  "a program that only uses pushbench holds its folder, and its number in other hands does not",
  async () => {
    const unlock = await lockRun(folder);
    const held = await readFile(join(folder, "run.lock"), "utf8");
    const [pid, began] = held.trim().split(" ");
    await expect(lockRun(folder)).rejects.toThrow(`process ${pid} is at work on ${folder}`);
    await writeFile(join(folder, "run.lock"), `${pid} ${Number(began) + 1}\n`);
    await (
      await lockRun(folder)
    )();
    await unlock();
  },
);

test("what is no number holds nothing", async () => {
  await writeFile(join(folder, "run.lock"), "");
  await (
    await lockRun(folder)
  )();
});
