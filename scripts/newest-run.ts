import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A folder that a run, a search or a gate left. */
export interface ResultsFolder {
  readonly directory: string;
  /** When its record was last written, ms since 1970. */
  readonly savedAtMs: number;
  /** Its page; absent where there is none. */
  readonly report?: string;
  readonly kind: "run" | "gate";
}

/** What stands in `results`, newest first; empty where there is no such folder. */
export async function listResults(results = "results"): Promise<ResultsFolder[]> {
  const names = await readdir(results).catch(() => []);
  const found = await Promise.all(names.map((name) => resultsFolder(join(results, name))));
  return found.filter((folder) => folder !== undefined).sort((a, b) => b.savedAtMs - a.savedAtMs);
}

/** `undefined` where nothing was saved in it. */
export async function resultsFolder(directory: string): Promise<ResultsFolder | undefined> {
  for (const kind of ["run", "gate"] as const) {
    const saved = await fileOf(join(directory, `${kind}.json`));
    if (saved === undefined) continue;
    const report = await fileOf(join(directory, "report.html"));
    return { directory, kind, savedAtMs: saved.mtimeMs, ...(report === undefined ? {} : { report: join(directory, "report.html") }) };
  }
  return undefined;
}

async function fileOf(path: string): Promise<{ readonly mtimeMs: number } | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found : undefined;
}
