/** p99 of the time from the intended connect to subscribed, against connections. */
import { climbChart, comparisonAtTheTop } from "./climb-lines.ts";

export const climbConnect = climbChart({
  name: "climb-connect",
  metrics: ["connect_latency_ms.p99"],
  unit: "connect p99 ms",
  title: "connect p99, ms",
  caption: (lines) => comparisonAtTheTop(lines, "the connect p99", "ms"),
});
