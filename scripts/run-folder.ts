import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../load/usage-error.ts";

/** Where a run's files go: the folder asked for, which must be absent or empty, or a new `results/<utc>-<suite>`. */
export async function chooseRunFolder(asked: string | undefined, suite: string, now: Date): Promise<string> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw new UsageError(`--out ${asked} is not empty: a run keeps to a folder of its own; name another one, or empty it`);
  }
  const utc = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  for (let n = 1; ; n++) {
    const folder = join("results", `${utc}-${suite}${n === 1 ? "" : `-${n}`}`);
    if (await isFree(folder)) return folder;
  }
}

async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    throw new UsageError(code === "ENOTDIR" ? `${folder} is a file, not a folder: name another one` : `cannot use ${folder}: ${message}`);
  }
}
