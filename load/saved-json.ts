/** Reads back what a run or a gate saved. */
import { readFile } from "node:fs/promises";
import { UsageError } from "./usage-error.ts";

/** Throws {@link UsageError}, which begins with `missing` where there is no such file, and says what is wrong with it where it cannot be read as `version`. */
export async function readSavedJson(file: string, missing: string, version: number): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(code === "ENOENT" || code === "ENOTDIR" ? `${missing}: there is no ${file}` : `cannot read ${file}: ${message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: no JSON: ${(error as Error).message}`);
  }
  const found = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (found !== version) {
    throw new UsageError(
      `${file}: schemaVersion ${JSON.stringify(found) ?? "is missing"} where this pushbench reads ${version}; ` +
        "read it with the pushbench that wrote it",
    );
  }
  return value;
}
