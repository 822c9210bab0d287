/** `bad`: pushbench does not work, or not to any use; `warn`: it does, with something lacking or doubtful. */
export type FindingStatus = "ok" | "warn" | "bad";

export interface Finding {
  readonly subject: string;
  /** What was found, with the value. */
  readonly found: string;
  /** What that allows. */
  readonly allows: string;
  readonly status: FindingStatus;
  /** How to raise it; with every status but `ok`. */
  readonly advice?: string;
}

/** A count as people read it: `2,466,177`. */
export function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
