/** Open descriptors of each server against connections. */
import { climbChart, comparisonAtTheTop } from "./climb-lines.ts";

export const climbDescriptors = climbChart({
  name: "climb-descriptors",
  metrics: ["server_fds"],
  unit: "descriptors",
  title: "server descriptors",
  caption: (lines) => comparisonAtTheTop(lines, "the number of descriptors", ""),
});
