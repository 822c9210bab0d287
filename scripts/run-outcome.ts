import type { RunResult } from "../load/run.ts";
import type { Summary } from "../reports/summary.ts";
import { EXIT } from "./exit-code.ts";

/** What a finished run ends with, worst first: interrupted, a trial that failed, a threshold that did not hold, with `strict` doubt too. */
export function exitCodeOf(
  { record, measurements }: Pick<RunResult, "record" | "measurements">,
  { cells }: Pick<Summary, "cells">,
  { strict, interrupted }: { readonly strict: boolean; readonly interrupted: number | undefined },
): number {
  if (interrupted !== undefined) return interrupted;
  if (record.status === "failed" || measurements.some(({ status }) => status === "failed")) return EXIT.targetFailed;
  const limits = cells.flatMap(({ thresholds }) => thresholds).filter(({ level }) => level === "error");
  if (limits.some(({ verdict }) => verdict === "fail" || verdict === "no-data")) return EXIT.gateFailed;
  const doubtful =
    cells.length === 0 || cells.some(({ validity }) => !validity.valid) || limits.some(({ verdict }) => verdict === "invalid");
  return strict && doubtful ? EXIT.inconclusive : EXIT.done;
}
