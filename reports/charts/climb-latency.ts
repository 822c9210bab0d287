/** p99 of the delivery latency against connections, with the level from which it grows out of proportion. */
import { plainNumber } from "../figure-text.ts";
import { listed } from "../listed.ts";
import { isClosedLoop } from "../summary.ts";
import { climbChart, comparisonAtTheTop } from "./climb-lines.ts";
import type { ClimbLine, ClimbPoint } from "./climb-lines.ts";

/** So much more than in proportion it must grow to be called a bend: repeats of a p99 scatter by 8 to 14 % (METHOD, the gate). */
const OUT_OF_PROPORTION = 1.25;

export const climbLatency = climbChart({
  name: "climb-latency",
  metrics: ["delivery_latency_ms.p99"],
  unit: "p99 ms",
  title: "delivery p99, ms",
  holds: (cell) => !isClosedLoop(cell),
  kneeOf,
  caption: (lines) => `${knees(lines)}${comparisonAtTheTop(lines, "the p99", "ms")}`,
});

/**
 * The last level before the p99 grows faster than the connections. One turn over all subscribers takes a server as much longer as they
 * are more, so growth in proportion is what a fan-out costs; beyond it something is being queued for.
 */
export function kneeOf(levels: readonly ClimbPoint[]): ClimbPoint | undefined {
  return levels.find((point, at) => {
    const next = levels[at + 1];
    return next !== undefined && next.value / point.value > OUT_OF_PROPORTION * (next.connections / point.connections);
  });
}

function knees(lines: readonly ClimbLine[]): string {
  const bent = lines.flatMap(({ look, knee }) => (knee === undefined ? [] : [`${look.server} (from ${plainNumber(knee.connections)})`]));
  return bent.length === 0
    ? "No p99 grows faster than the connections. "
    : `The p99 grows faster than the connections with ${listed(bent)}. `;
}
