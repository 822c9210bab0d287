import type { CapacityResult } from "../load/capacity.ts";
import { EXIT } from "./exit-code.ts";

/** What a search ends with, worst first: interrupted, a trial that could not be judged or no server at all; with `strict` a server without a bracket. */
export function exitCodeOfCapacity(
  { record, capacity }: Pick<CapacityResult, "record" | "capacity">,
  { strict, interrupted }: { readonly strict: boolean; readonly interrupted: number | undefined },
): number {
  if (interrupted !== undefined) return interrupted;
  if (record.status === "failed") return EXIT.targetFailed;
  const open = capacity.servers.some(({ answer }) => answer.broke === undefined || !(answer.confirmed || answer.held === undefined));
  return strict && open ? EXIT.inconclusive : EXIT.done;
}
