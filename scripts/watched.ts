/** Work that loads something, with its progress on stderr and Ctrl-C heard; and what is said at its end. */
import type { Watch } from "../load/run.ts";
import type { WrittenReport } from "../reports/report.ts";
import { paintFor } from "./color.ts";
import { listenForInterruption } from "./interruption.ts";
import type { LiveEnd } from "./live/events.ts";
import type { LiveServer } from "./live/server.ts";
import { showProgress } from "./progress.ts";

/** What the work came to. */
export interface Finished extends LiveEnd {
  readonly exitCode: number;
}

export interface WatchedOptions {
  /** A port on which a browser may follow it; 0 is any, absent none. */
  readonly live?: number;
}

/** Starts the work, which may say lines that stay, then ends it with an exit code; `interrupted` is that of a signal, where one came. */
export async function watched<Result>(
  start: (watch: Watch, say: (line: string) => void) => Promise<Result>,
  finish: (result: Result, interrupted: number | undefined) => Promise<Finished>,
  { live: port }: WatchedOptions = {},
): Promise<void> {
  const paint = paintFor(process.stderr);
  const progress = showProgress(process.stderr, paint);
  const interruption = listenForInterruption((signal) => {
    progress.say(paint.yellow(`${signal}: stopping the load, keeping what is finished; once more to exit at once`));
  });
  let live: LiveServer | undefined;
  try {
    // What nobody asked for is not in memory while the load runs.
    if (port !== undefined) live = await (await import("./live/server.ts")).serveLive(port, progress.state);
    if (live !== undefined) progress.say(`live  ${live.url}`);
    const result = await start({ signal: interruption.signal, onEvent: progress.onEvent }, progress.say);
    progress.stop();
    const { exitCode, ...end } = await finish(result, interruption.exitCode());
    process.exitCode = exitCode;
    await live?.finish(end);
  } finally {
    progress.stop();
    live?.close();
    interruption.dispose();
  }
}

/** Where the report is, and what to type next: the last lines, on stderr where stdout is one document. */
export function sayWhere({ report, next }: Pick<LiveEnd, "report" | "next">, json: boolean): void {
  (json ? process.stderr : process.stdout).write(`\nreport  ${report}\nnext    ${next}\n`);
}

/** The page among a report's files, or their folder. */
export function pageOf({ files }: Pick<WrittenReport, "files">, directory: string): string {
  return files.find((file) => file.endsWith(".html")) ?? directory;
}
