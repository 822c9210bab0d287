/** The reports of a run as files beside its measurements. */
import { randomUUID } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatMarkdown } from "./formats/markdown.ts";
import { renderPage } from "./page/page.tsx";
import type { RunData } from "./run-data.ts";
import { summarize } from "./summary.ts";
import type { Summary } from "./summary.ts";

/** Above it a page is slow to open and to mail. */
const LARGE_PAGE_BYTES = 5 * 1024 * 1024;

export interface WrittenReport {
  readonly summary: Summary;
  /** Paths of `summary.json`, `summary.md` and `report.html`, in this order. */
  readonly files: readonly string[];
  /** What is worth knowing about the files themselves: a page above 5 MB. */
  readonly warnings: readonly string[];
}

/**
 * Writes `summary.json`, `summary.md` and `report.html` into `directory`, each at once or not at all. Throws an error that names the
 * file and the cause where one cannot be written; what stood there before stays.
 */
export async function writeReport(run: RunData, directory: string): Promise<WrittenReport> {
  const summary = summarize(run.record, run.measurements);
  const page = await renderPage(run, summary);
  const contents = {
    "summary.json": `${JSON.stringify(summary, undefined, 2)}\n`,
    "summary.md": formatMarkdown(summary),
    "report.html": page,
  };
  const files: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const path = join(directory, name);
    await writeWhole(path, content);
    files.push(path);
  }
  return { summary, files, warnings: sizeWarnings(Buffer.byteLength(page)) };
}

/** Writes beside `path`, then renames: a reader sees the old file or the new one. */
export async function writeWhole(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx", flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new Error(`cannot write ${path}: ${reasonOf(cause)}; what stood there is unchanged`, { cause });
  }
}

/** For a page of this many bytes; empty for most. */
export function sizeWarnings(bytes: number): string[] {
  if (bytes <= LARGE_PAGE_BYTES) return [];
  return [`report.html has ${(bytes / 2 ** 20).toFixed(1)} MB, more than 5: split the suite into fewer scenarios a run`];
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device; free some, then run `pushbench report` on the folder again",
  EDQUOT: "the disk quota is used up; free some, then run `pushbench report` on the folder again",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOENT: "its folder does not exist",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "a folder of that name stands there",
};

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? message;
}
