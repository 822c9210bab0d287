import { expect, test } from "vitest";
import type { Standing } from "../../load/generator-study.ts";
import { formatStandings, formatWorker } from "./generator-text.ts";

const flat = (value: number) => ({ median: value, min: value, max: value });
const standing = (change: Partial<Standing>): Standing => ({
  transport: "websocket",
  server: "websocket-uws",
  quantity: "sparse",
  lean: flat(4.5),
  other: "ws",
  theirs: flat(7.5),
  ratio: { median: 0.6, min: 0.55, max: 0.72 },
  ...change,
});

test("a ratio stands with its spread beside the goal, by quantity", () => {
  const table = formatStandings([
    standing({ quantity: "echoes", lean: flat(70_000), theirs: flat(60_000), ratio: flat(1.2) }),
    standing({}),
    standing({ transport: "http-stream", other: "undici" }),
  ]).split("\n");
  expect(
    table.slice(2).map((line) =>
      line
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    ),
  ).toEqual([
    ["CPU a delivery, alone in its read, µs", "websocket", "4.50", "ws", "7.50", "0.60 (0.55–0.72)", "≤ 0.70", "met"],
    ["CPU a delivery, alone in its read, µs", "http-stream", "4.50", "undici", "7.50", "0.60 (0.55–0.72)", "", ""],
    ["echo round trips a CPU second, 1/s", "websocket", "70,000", "ws", "60,000", "1.20 (1.20–1.20)", "≥ 1.30", "not met"],
  ]);
});

test("an idle worker is held against its goal", () => {
  expect(formatWorker({ median: 50e6, min: 49e6, max: 51e6 })).toContain("50.0 MB (49.0–51.0); at most 55 MB wanted: met");
  expect(formatWorker(flat(56e6))).toContain("not met");
});
