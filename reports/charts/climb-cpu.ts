/** Cores each server uses while messages are published, against connections. */
import { climbChart, comparisonAtTheTop } from "./climb-lines.ts";

export const climbCpu = climbChart({
  name: "climb-cpu",
  metrics: ["server_cpu_cores"],
  unit: "cores",
  title: "server CPU, cores",
  caption: (lines) => comparisonAtTheTop(lines, "the server's CPU", "cores"),
});
