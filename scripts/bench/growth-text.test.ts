import { expect, test } from "vitest";
import { formatGrowth } from "./growth-text.ts";

test("a row a size, and the power by which it grew from the row above it, within one kind", () => {
  const took = (cpuMs: number, peakBytes: number) => ({ wallMs: 10_000, cpuMs, peakBytes });
  const lines = formatGrowth([
    { of: "connections", size: 100, took: took(100, 50e6), pageBytes: 1e6 },
    { of: "connections", size: 1000, took: took(1000, 50e6), pageBytes: 1e6 },
    { of: "cells", size: 13, took: took(500, 100e6), pageBytes: 2e6 },
    { of: "cells", size: 52, took: took(8000, 200e6), pageBytes: 4.5e6 },
  ]).split("\n");
  const cells = (line: string): string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  expect(lines.slice(2).map(cells)).toEqual([
    ["connections", "100", "10.0", "0.1", "1.0 %", "50", "1.00", "", ""],
    ["connections", "1,000", "10.0", "1.0", "10.0 %", "50", "1.00", "1.00", "0.00"],
    ["cells", "13", "10.0", "0.5", "5.0 %", "100", "2.00", "", ""],
    ["cells", "52", "10.0", "8.0", "80.0 %", "200", "4.50", "2.00", "0.50"],
  ]);
});
