/** One figure of the selftest: what was done on purpose, what was reported, and whether the two agree. */
import type { Measurement } from "../measurement.ts";
import { OF_THE_MACHINE } from "../validity.ts";

export interface Row {
  readonly server: string;
  /** What was done on purpose, in words. */
  readonly fault: string;
  readonly metric: string;
  readonly unit: string;
  readonly injected: number | string;
  /** Absent where nothing was reported. */
  readonly reported?: number | string;
  /** How far the two may lie apart, in the unit; 0 for counts. */
  readonly allowed?: number;
  /**
   * `holds`: the report is right; for a method that cannot be right, that it came out wrong. `invalid`: it is not, but the measurement
   * itself says that it is not to be believed. `fails`: it is wrong, and does not say so.
   */
  readonly verdict: "holds" | "fails" | "invalid";
  readonly note?: string;
}

/** What the rows of one trial have in common. */
export type RowHead = Pick<Row, "server" | "fault">;

/** A figure that must lie within `allowed` of what was injected. */
export function within(
  head: RowHead,
  figure: Pick<Row, "metric" | "unit"> & { injected: number; reported?: number; allowed: number },
  of: Measurement,
): Row {
  const { injected, reported, allowed } = figure;
  const holds = reported !== undefined && Math.abs(reported - injected) <= allowed;
  return { ...head, ...figure, ...(holds ? { verdict: "holds" } : excuse(of)) };
}

/** A count that must be the same. */
export function exactly(head: RowHead, metric: string, unit: string, injected: number, reported: number | undefined, of: Measurement): Row {
  return within(head, { metric, unit, injected, allowed: 0, ...(reported === undefined ? {} : { reported }) }, of);
}

/** A measurement that must call itself invalid, or warn, for the reason of that code. */
export function says(head: RowHead, code: string, { status, failure, validity }: Measurement): Row {
  const reason = validity.reasons.find((each) => each.code === code);
  const said = reason === undefined ? validity.reasons.map((each) => each.code).join(", ") || "nothing" : code;
  const row = { ...head, metric: "validity", unit: "", injected: code, reported: said };
  if (reason !== undefined) return { ...row, verdict: "holds" };
  // What was done to the measurement may have kept it from showing what was injected.
  const disturbed = validity.reasons.find((each) => each.severity === "invalid" && OF_THE_MACHINE.has(each.code));
  if (disturbed !== undefined) return { ...row, verdict: "invalid", note: disturbed.message };
  return { ...row, verdict: "fails", ...(status === "complete" ? {} : { note: failure?.message ?? status }) };
}

/** A figure of a method that hides what was injected: it holds where it is wrong by more than `allowed`. */
export function comesOutWrong(
  head: RowHead,
  figure: Pick<Row, "metric" | "unit"> & { injected: number; reported: number; allowed: number },
): Row {
  const wrong = Math.abs(figure.reported - figure.injected) > figure.allowed;
  return { ...head, ...figure, verdict: wrong ? "holds" : "fails", note: wrong ? "wrong, as it must be" : "should have been wrong" };
}

/** Why a figure is not right. */
function excuse({ status, failure, validity }: Measurement): Pick<Row, "verdict" | "note"> {
  if (status !== "complete") return { verdict: "fails", note: failure?.message ?? status };
  const reason = validity.reasons.find(({ severity }) => severity === "invalid");
  return reason === undefined ? { verdict: "fails" } : { verdict: "invalid", note: reason.message };
}
