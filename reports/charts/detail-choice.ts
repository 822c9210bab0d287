/** Which scenarios of a run are drawn in detail: a page with everything of sixteen would be slow to make, to open and to mail. */
import { median } from "../statistics.ts";
import type { ScenarioData } from "./chart.ts";

/** As many are drawn in detail whatever they are. */
const ALL_OF = 4;

/** For a reader. */
export const DETAIL_RULE = "the first, the last, and of those between the one with the highest p99 (median of its valid cells)";

/** Scenarios that are drawn in detail: all of few, and of many the first, the last, and of those between the slowest; in their order. */
export function detailed(scenarios: readonly ScenarioData[]): readonly ScenarioData[] {
  if (scenarios.length <= ALL_OF) return scenarios;
  const between = scenarios.slice(1, -1);
  const highest = Math.max(...between.map(slowness));
  return [scenarios[0]!, between.find((data) => slowness(data) === highest)!, scenarios.at(-1)!];
}

/** In ms; 0 where no valid cell has a p99. */
function slowness({ servers }: ScenarioData): number {
  const known = servers.flatMap(({ cell }) => (cell.validity.valid ? (cell.metrics["delivery_latency_ms.p99"]?.median ?? []) : []));
  return known.length === 0 ? 0 : median(known);
}
