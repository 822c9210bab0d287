import type { Measurement } from "../../load/measurement.ts";

/** How a trial ended, as a mark and a word; `why` says it of one that is not as it should be, else it is empty. */
export interface Outcome {
  readonly mark: "✓" | "✗" | "~";
  readonly word: "done" | "failed" | "partial" | "invalid";
  readonly color: "green" | "red" | "yellow";
  readonly why: string;
}

export function outcomeOf({ status, failure, validity }: Pick<Measurement, "status" | "failure" | "validity">): Outcome {
  if (status === "failed") return { mark: "✗", word: "failed", color: "red", why: failure?.message ?? "for no known reason" };
  if (status === "partial") return { mark: "~", word: "partial", color: "yellow", why: "interrupted" };
  if (validity.valid) return { mark: "✓", word: "done", color: "green", why: "" };
  const reason = validity.reasons.find(({ severity }) => severity === "invalid");
  return { mark: "~", word: "invalid", color: "yellow", why: reason?.message ?? "for no known reason" };
}
