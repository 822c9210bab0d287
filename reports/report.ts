/** The reports of a run as files beside its measurements. */
import { join } from "node:path";
import { saveFile } from "../load/save.ts";
import type { Comparison } from "./comparison.ts";
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
 * Writes `summary.json`, `summary.md` and `report.html` into `directory`, the page with `comparison` where the run is compared, each at once or not at all. Throws `SaveError`, which names
 * the file and the cause, where one cannot be written; what stood there before stays.
 */
export async function writeReport(run: RunData, directory: string, comparison?: Comparison): Promise<WrittenReport> {
  const summary = summarize(run.record, run.measurements);
  const page = await renderPage(run, summary, comparison);
  const contents = {
    "summary.json": `${JSON.stringify(summary, undefined, 2)}\n`,
    "summary.md": formatMarkdown(summary, run.capacity),
    "report.html": page,
  };
  const files: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const path = join(directory, name);
    await saveFile(path, content);
    files.push(path);
  }
  return { summary, files, warnings: sizeWarnings(Buffer.byteLength(page)) };
}

/** For a page of this many bytes; empty for most. */
export function sizeWarnings(bytes: number): string[] {
  if (bytes <= LARGE_PAGE_BYTES) return [];
  return [`report.html has ${(bytes / 2 ** 20).toFixed(1)} MB, more than 5: split the suite into fewer scenarios a run`];
}
