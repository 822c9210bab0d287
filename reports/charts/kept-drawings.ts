/**
 * Drawings that were made before: a folder named by PUSHBENCH_DRAWINGS keeps them. To draw is nearly all of what a report costs, and the tests
 * draw the same few runs hundreds of times, each time in another process.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { saveFile } from "../../load/save.ts";

/** What follows from `ingredients` alone, all of them JSON; the folder is for one state of the program. */
export async function keptDrawing(ingredients: unknown, draw: () => Promise<string>): Promise<string> {
  const folder = process.env["PUSHBENCH_DRAWINGS"];
  if (folder === undefined) return draw();
  const file = join(folder, `${createHash("sha256").update(JSON.stringify(ingredients)).digest("hex")}.svg`);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return kept;
  const drawing = await draw();
  await saveFile(file, drawing);
  return drawing;
}
