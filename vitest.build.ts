import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildError, ensureBuilt } from "./load/compiled.ts";

/** Compiles once before all tests, for those that start servers and workers as processes; lets them share what they draw. */
export default async function build(): Promise<() => Promise<void>> {
  try {
    await ensureBuilt();
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    // Types are `npm run types`' to judge; what the compiler could emit is new, so the tests tell the truth about it.
    process.stderr.write(`${error.message}\nthe sources above do not compile cleanly; the tests run on what could be emitted\n`);
  }
  const drawings = await mkdtemp(join(tmpdir(), "pushbench-drawings-"));
  process.env["PUSHBENCH_DRAWINGS"] = drawings;
  return () => rm(drawings, { recursive: true, force: true });
}
