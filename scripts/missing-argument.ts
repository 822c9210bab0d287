import { builtInSuites } from "../load/suite-file.ts";
import { UsageError } from "../load/usage-error.ts";
import { invocation } from "./invocation.ts";

/** A command that lacks its argument: what it could be, and one that works; `example` goes without the program's name. */
export function missingArgument(name: string, expected: string, example: string): UsageError {
  return new UsageError(`missing required argument '${name}': expected ${expected}, as in: ${invocation()} ${example}`);
}

/** {@link missingArgument} for a command that takes a suite. */
export async function missingSuite(command: string): Promise<UsageError> {
  const names = (await builtInSuites()).join(", ");
  return missingArgument("suite", `a built-in suite (${names}) or the path of a YAML, TypeScript or JavaScript file`, `${command} quick`);
}
