/** Work that loads something, with its progress on stderr and Ctrl-C heard; and what is said at its end. */
import type { Watch } from "../load/run.ts";
import type { WrittenReport } from "../reports/report.ts";
import { paintFor } from "./color.ts";
import { listenForInterruption } from "./interruption.ts";
import { showProgress } from "./progress.ts";

/** Starts the work, which may say lines that stay, then ends it with an exit code; `interrupted` is that of a signal, where one came. */
export async function watched<Result>(
  start: (watch: Watch, say: (line: string) => void) => Promise<Result>,
  finish: (result: Result, interrupted: number | undefined) => Promise<number>,
): Promise<void> {
  const paint = paintFor(process.stderr);
  const progress = showProgress(process.stderr, paint);
  const interruption = listenForInterruption((signal) => {
    progress.say(paint.yellow(`${signal}: stopping the load, keeping what is finished; once more to exit at once`));
  });
  try {
    const result = await start({ signal: interruption.signal, onEvent: progress.onEvent }, progress.say);
    progress.stop();
    process.exitCode = await finish(result, interruption.exitCode());
  } finally {
    progress.stop();
    interruption.dispose();
  }
}

/** Where the report is, and what to type next: the last lines, on stderr where stdout is one document. */
export function sayWhere({ files }: Pick<WrittenReport, "files">, directory: string, next: string, json: boolean): void {
  const page = files.find((file) => file.endsWith(".html")) ?? directory;
  (json ? process.stderr : process.stdout).write(`\nreport  ${page}\nnext    ${next}\n`);
}
