/** Figures of head for github-action-benchmark (https://github.com/benchmark-action/github-action-benchmark), which draws them over commits. */
import { METRICS } from "../../load/metric.ts";
import type { GateCheck, GateReport } from "../gate-report.ts";
import { changeText, checkName, fullFinding } from "../gate-text.ts";
import { jsonDocument, printable } from "./escape.ts";

/** The tool's name for each direction; its file holds figures of one direction alone. */
export type BenchmarkTool = "customSmallerIsBetter" | "customBiggerIsBetter";

interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

/** A JSON document for that `tool`: an empty list where a gate has no figure of its direction. What could not be had is left out. */
export function formatGithubBenchmark({ checks }: GateReport, tool: BenchmarkTool = "customSmallerIsBetter"): string {
  const entries = checks.filter((check) => toolOf(check) === tool).flatMap(entryOf);
  return jsonDocument(entries);
}

function toolOf({ metric }: GateCheck): BenchmarkTool {
  return METRICS.get(metric)?.better === "higher" ? "customBiggerIsBetter" : "customSmallerIsBetter";
}

function entryOf(check: GateCheck): Entry[] {
  const { unit, evidence, verdict } = check;
  const extra = printable(`${verdict}: ${fullFinding(check)}`);
  // Names are what the tool tells series apart by, and it puts them into the page as they are.
  const name = printable(checkName(check)).replaceAll(/[<>&"'`]/g, "_");
  switch (evidence.kind) {
    case "ratio": {
      if (evidence.head === undefined || evidence.change === undefined) return [];
      const { low, high } = evidence.change;
      return [{ name, unit: unit || "1", value: evidence.head, range: `${changeText(low)} to ${changeText(high)} of base`, extra }];
    }
    case "count":
      return [{ name, unit: "events", value: evidence.head, extra }];
    case "rounds":
    case "threshold":
      return [];
  }
}
