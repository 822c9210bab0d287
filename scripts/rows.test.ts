import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { rowsOf } from "./rows.ts";
import { visibleWidth } from "../reports/formats/wrap.ts";

const paint = createColors(true);
const ROWS = [
  ["websocket-http2-node", "websocket-http2", `${paint.green("✓ available")}, node:http2 20.20.2`],
  ["日本", "sse", `${paint.yellow("✗ unavailable")}: its library cannot be loaded here, for it needs another version of the C library`],
] as const;

describe("rows", () => {
  it("stand in columns where they fit, whatever is coloured or wide", () => {
    const [first, second] = rowsOf(
      [
        ["日本", paint.red("a"), "x"],
        ["ab", "bcd", "y"],
      ],
      80,
    );
    expect(visibleWidth(first!.split("x")[0]!)).toBe(visibleWidth(second!.split("y")[0]!));
  });

  it("break their last cell at words, below its own start", () => {
    const lines = rowsOf(ROWS, 80).join("\n").split("\n");
    const start = visibleWidth(lines[1]!.split(paint.yellow("✗").slice(0, 5))[0]!);
    expect(lines[2]!.search(/\S/)).toBe(start);
  });

  it.each([79, 60, 40, 24])("fill no more than %d columns", (width) => {
    for (const line of rowsOf(ROWS, width).join("\n").split("\n")) expect(visibleWidth(line)).toBeLessThanOrEqual(width);
  });

  it("become a heading with the rest below it where columns are too narrow", () => {
    expect(rowsOf([["sse-node", "sse", "available"]], 20)).toEqual(["  sse-node", "      sse", "      available"]);
  });

  it("are none where there are none", () => {
    expect(rowsOf([], 40)).toEqual([]);
  });
});
