/** Files that are there whole or not at all: written beside their place, then renamed into it; or grown by whole pieces. */
import { mkdir, open, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file could not be saved; what was saved before it stays. */
export class SaveError extends Error {
  override name = "SaveError";
}

/** Writes `text` to `path`, folders included; throws {@link SaveError} with the path and the reason. */
export async function saveFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await makeFolder(dirname(path));
    const file = await open(temporary, "w");
    try {
      await file.writeFile(text);
      // A rename that outlives a crash must not outlive its contents.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw new SaveError(`cannot write ${path}: ${reason(error as NodeJS.ErrnoException)}; what was saved before it stays`);
  }
}

/** Creates `path` with `text`, folders included; `false` where it exists already. Throws {@link SaveError}. */
export async function createFile(path: string, text: string): Promise<boolean> {
  try {
    await makeFolder(dirname(path));
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" && (await isFile(path))) return false;
    throw new SaveError(`cannot write ${path}: ${reason(error as NodeJS.ErrnoException)}`);
  }
}

/**
 * Adds `text` to the end of `path`, which is made where it is not there, in one write: the system puts it behind whatever others have added,
 * and nothing of theirs comes in between. Throws {@link SaveError}.
 */
export async function appendToFile(path: string, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  try {
    await makeFolder(dirname(path));
    const file = await open(path, "a");
    try {
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length) throw Object.assign(new Error("the write was cut short"), { code: "ENOSPC" });
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new SaveError(`cannot append to ${path}: ${reason(error as NodeJS.ErrnoException)}`);
  }
}

/**
 * A folder and those above it. Not `mkdir`'s own `recursive`: on a file system that refuses folders with ENOENT, as /proc does, Node 20
 * goes on trying for ever.
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST" && (await stat(path)).isDirectory();
    if (!isThere) throw error;
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOSPC") return "no space left on the device; free some, or choose another folder";
  if (code === "EACCES" || code === "EROFS" || code === "EPERM") return `no permission (${code}); choose another folder`;
  if (code === "ENOTDIR" || code === "EEXIST") return `a file stands where a folder is needed (${code})`;
  return message;
}
