/**
 * The history of results: a file to which each complete run adds a line of JSON a cell, and which nothing ever rewrites.
 *
 * A plain file, for it is read and compared by eye, merged and cut with any tool, and carried from one run of CI to the next by its cache;
 * a line that was cut off costs itself alone. An embedded database would have none of that: `node:sqlite` needs Node 22, `better-sqlite3`
 * compiles or downloads a native module; and 2,600 lines are 2.6 MB, which are read in 0.14 s.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { HISTORY_SCHEMA_VERSION, pointIdentity } from "./history-record.ts";
import type { HistoryPoint } from "./history-record.ts";
import { appendToFile } from "./save.ts";
import { UsageError } from "./usage-error.ts";

export const HISTORY_FILE = "results/history.jsonl";

export interface History {
  readonly file: string;
  /** As they were appended; a cell of a run that is in the file twice is here once. */
  readonly points: readonly HistoryPoint[];
  /** Lines that were skipped, each with its number and the reason. */
  readonly problems: readonly string[];
}

const COUNT = z.int().positive();
const POINT = z.object({
  schemaVersion: z.literal(HISTORY_SCHEMA_VERSION),
  at: z.iso.datetime(),
  run: z.string(),
  suite: z.string(),
  server: z.string(),
  transport: z.string(),
  scenario: z.string(),
  workload: z.string().regex(/^[0-9a-f]+$/),
  commit: z
    .object({
      id: z.string().regex(/^[0-9a-f]{7,64}$/),
      dirty: z.boolean(),
      committedAt: z.iso.datetime().optional(),
      branch: z.string().optional(),
    })
    .optional(),
  environment: z.object({ cpu: z.string(), cores: z.number(), node: z.string(), kernel: z.string(), pushbench: z.string() }),
  valid: z.boolean(),
  trials: COUNT,
  metrics: z.record(z.string(), z.object({ median: z.number(), low: z.number(), high: z.number(), n: COUNT })),
});

/**
 * Reads a history; `undefined` where there is no such file. What is no line of one is skipped and told, but where nothing else is in the file,
 * which then is something else: {@link UsageError}, as where it cannot be read.
 */
export async function readHistory(file: string): Promise<History | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const points = new Map<string, HistoryPoint>();
  const problems: string[] = [];
  const lines = text.split("\n");
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const read = readLine(line, at === lines.length - 1);
    if (typeof read === "string") problems.push(`${file}:${at + 1}: ${read}`);
    else if (!points.has(pointIdentity(read))) points.set(pointIdentity(read), read);
  }
  if (points.size === 0 && problems.length > 0 && !isCutOff(text)) {
    throw new UsageError(`${problems[0]!}; ${file} is no history that this pushbench can read: name another file`);
  }
  return { file, points: [...points.values()], problems };
}

/** Adds what is not in it yet, and tells how many that were. Throws as {@link readHistory} does, and `SaveError`. */
export async function appendToHistory(file: string, points: readonly HistoryPoint[]): Promise<number> {
  const known = new Set((await readHistory(file))?.points.map(pointIdentity));
  const missing = points.filter((point) => !known.has(pointIdentity(point)));
  if (missing.length === 0) return 0;
  // A line that was cut off has no end, and must not spoil the first of these.
  const begin = ((await readText(file)) ?? "\n").endsWith("\n") ? "" : "\n";
  await appendToFile(file, begin + missing.map((point) => `${JSON.stringify(point)}\n`).join(""));
  return missing.length;
}

/** A point, or what is wrong with its line. */
function readLine(line: string, last: boolean): HistoryPoint | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return last ? "the last line is cut off, as by a process that was killed" : "no line of JSON";
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== HISTORY_SCHEMA_VERSION) {
    return `schemaVersion ${JSON.stringify(version) ?? "is missing"} where this pushbench reads ${HISTORY_SCHEMA_VERSION}`;
  }
  const { data, error } = POINT.safeParse(value);
  if (data !== undefined) return data as HistoryPoint;
  const [issue] = error.issues;
  return `${issue!.path.join(".")}: ${issue!.message}`;
}

/** All that is in it is the beginning of a first line. */
function isCutOff(text: string): boolean {
  const start = `{"schemaVersion":${HISTORY_SCHEMA_VERSION},"at":`;
  return !text.includes("\n") && (text.startsWith(start) || start.startsWith(text));
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new UsageError(
      code === "EISDIR" || code === "ENOTDIR"
        ? `${file} is no file: name one for the history, such as ${HISTORY_FILE}`
        : `cannot read ${file}: ${message}`,
    );
  }
}
