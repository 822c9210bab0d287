/** Memory of each server against connections. */
import { climbChart, comparisonAtTheTop } from "./climb-lines.ts";

export const climbMemory = climbChart({
  name: "climb-memory",
  metrics: ["server_uss_bytes", "server_pss_bytes", "server_rss_bytes"],
  divisor: 2 ** 20,
  unit: "MiB",
  title: "server memory, MiB",
  caption: (lines) => comparisonAtTheTop(lines, "the server's memory", "MiB"),
});
