/** JSON Schemas by name. */
import { readFile } from "node:fs/promises";
import { nearest } from "../load/nearest.ts";
import { suiteJsonSchema } from "../load/suite-file.ts";
import { UsageError } from "../load/usage-error.ts";
import { RECORD_TYPES, SCHEMAS_FILE } from "./record-types.ts";

const SUITE = { name: "suite", of: "a suite's YAML file" };

/** Which there are. */
export const SCHEMAS: readonly { readonly name: string; readonly of: string }[] = [SUITE, ...RECORD_TYPES];

/** Draft 7, which editors and validators know; throws {@link UsageError} for a name that there is not. */
export async function schemaOf(name: string): Promise<object> {
  if (name === SUITE.name) return { title: SUITE.of, ...suiteJsonSchema() };
  const schemas = JSON.parse(await readFile(new URL(`./${SCHEMAS_FILE}`, import.meta.url), "utf8")) as Readonly<Record<string, object>>;
  const names = SCHEMAS.map((each) => each.name);
  const found = names.includes(name) ? schemas[name] : undefined;
  if (found !== undefined) return found;
  const near = nearest(name, names);
  throw new UsageError(
    `unknown schema ${JSON.stringify(name)}: expected one of ${names.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`,
  );
}
