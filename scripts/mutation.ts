/** A way to break a source, and what came of it; pure. */
import { UsageError } from "../load/usage-error.ts";

export interface Mutation {
  /** What is wrong then, in a few words. */
  readonly what: string;
  /** From the root of the repository, as are `tests`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly text: string;
  readonly replacement: string;
  /** The test files of which one is to notice. */
  readonly tests: readonly string[];
}

/** The source with the mutation in it; throws {@link UsageError} where its text does not occur exactly once. */
export function mutate(source: string, { what, file, text, replacement }: Mutation): string {
  const parts = source.split(text);
  if (parts.length !== 2) {
    throw new UsageError(
      `${file}: the text of the mutation "${what}" occurs ${parts.length - 1} times where it must occur once: correct it in scripts/mutations.ts\n  ${text}`,
    );
  }
  return parts.join(replacement);
}

/** What vitest writes with `--reporter=json`, as far as it is read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** `unclear`: no test failed and not all passed, so that nothing is shown. */
export type Outcome =
  | { readonly kind: "caught"; readonly by: string }
  | { readonly kind: "survived" }
  | { readonly kind: "unclear"; readonly why: string };

/** What a run of the tests shows of the mutation in its sources. A file that does not even load is no test that failed. */
export function outcomeOf({ testResults }: TestReport): Outcome {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === "failed");
  if (failed !== undefined) return { kind: "caught", by: failed.fullName };
  const broken = testResults.find(({ status }) => status !== "passed");
  if (broken !== undefined) return { kind: "unclear", why: broken.message.split("\n")[0]! };
  return tests.some(({ status }) => status === "passed") ? { kind: "survived" } : { kind: "unclear", why: "no test ran" };
}
