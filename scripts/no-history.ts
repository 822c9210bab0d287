import { HISTORY_FILE } from "../load/history.ts";
import { UsageError } from "../load/usage-error.ts";
import { invocation } from "./invocation.ts";
import { shellWord } from "./shell-word.ts";

/** There is none yet: how to begin one. */
export function noHistory(file: string): UsageError {
  const elsewhere = file === HISTORY_FILE ? "" : ` --history ${shellWord(file)}`;
  return new UsageError(
    `no history yet: there is no ${file}; a run that completes begins it: ${invocation()} run quick${elsewhere}; ` +
      `runs that were saved go in by: ${invocation()} history import results/<folder>${elsewhere}`,
  );
}
