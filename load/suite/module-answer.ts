import type { ValueProblem } from "../suite-error.ts";

/** What the process that reads a suite's module tells of it. */
export type ReadModule =
  | { readonly kind: "suite"; readonly value: unknown }
  /** `defineSuite` has refused it. */
  | { readonly kind: "problems"; readonly problems: readonly ValueProblem[] }
  | { readonly kind: "failed"; readonly reason: string };
