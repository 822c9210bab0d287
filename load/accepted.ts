/** Regressions that somebody has accepted for a time, with the reason: what a gate would otherwise go on failing for. */

/** What a gate counts all kinds of errors together as. */
export const ALL_ERRORS = "errors.*";

export interface AcceptedRegression {
  readonly server: string;
  /** Of this scenario alone; absent: of every one. */
  readonly scenario?: string;
  /** As a gate names what it checks: of the catalogue, or {@link ALL_ERRORS}. */
  readonly metric: string;
  readonly reason: string;
  /** The last day it holds, as YYYY-MM-DD. */
  readonly expires: string;
  /** The largest change that is accepted, as a share; absent: any. */
  readonly limit?: number;
}
