/** Charts as files of their own. */
import { join } from "node:path";
import { saveFile } from "../../load/save.ts";
import type { Comparison } from "../comparison.ts";
import type { RunData } from "../run-data.ts";
import type { Summary } from "../summary.ts";
import { drawCharts } from "./catalogue.ts";
import { renderSvg } from "./render.ts";
import { INK } from "./style.ts";

export type ChartFormat = "svg" | "spec";

/** Writes `<chart>-<scenario>.svg` or `.vl.json` for every chart that has data, with the details of every scenario, and gives their paths. */
export async function writeCharts(
  { run, summary, comparison }: { readonly run: RunData; readonly summary: Summary; readonly comparison?: Comparison | undefined },
  format: ChartFormat,
  directory: string,
): Promise<string[]> {
  const files: string[] = [];
  for (const { name, spec, caption } of drawCharts(run, summary, { comparison, everyDetail: true })) {
    const standing = { description: caption, background: INK.paper.color, padding: 8, ...spec };
    const path = join(directory, `${name}.${format === "svg" ? "svg" : "vl.json"}`);
    const content = format === "svg" ? await renderSvg(standing) : JSON.stringify(standing, undefined, 2);
    await saveFile(path, `${content}\n`);
    files.push(path);
  }
  return files;
}
