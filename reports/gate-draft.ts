/** A check before its verdict: what one pass measured of one metric in one cell, with the odds that Holm adjusts over all of its kind. */
import { holm } from "./ratio.ts";
import type { Evidence, GateVerdict } from "./gate-report.ts";

/** Which cell it is of. */
export interface CellName {
  readonly server: string;
  readonly scenario: { readonly name: string };
}

export interface Draft<E extends Evidence> {
  readonly cell: CellName;
  readonly metric: string;
  readonly evidence: E;
  /** Before adjustment; absent where nothing could be tested. */
  readonly p?: number;
  /** Why it bears no verdict but a failure; absent where it does. */
  readonly invalid?: string;
}

/** A draft with its verdict by itself, before anything is confirmed or accepted. */
export interface Judged<E extends Evidence> extends Draft<E> {
  readonly verdict: GateVerdict;
  /** After adjustment; absent where nothing could be tested. */
  readonly pHolm?: number;
}

/** Below which a difference is no chance. */
const ALPHA = 0.05;

/** All checks of one kind at once, by `otherwise` where they have not failed. */
export function judgeTogether<E extends Evidence>(drafts: readonly Draft<E>[], otherwise: (draft: Draft<E>) => GateVerdict): Judged<E>[] {
  const adjusted = holm(drafts.flatMap(({ p }) => p ?? []));
  let tested = 0;
  return drafts.map((draft) => {
    const pHolm = draft.p === undefined ? undefined : adjusted[tested++]!;
    const failed = pHolm !== undefined && pHolm < ALPHA;
    const verdict = failed ? "fail" : draft.invalid === undefined ? otherwise(draft) : "invalid";
    return { ...draft, ...(pHolm === undefined ? {} : { pHolm }), verdict };
  });
}
