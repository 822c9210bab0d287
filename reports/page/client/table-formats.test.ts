import { describe, expect, it } from "vitest";
import { HOSTILE_NAME } from "../../fixture.ts";
import { csvOf, markdownOf } from "./table-formats.ts";

const GRID = {
  header: ["server", "p99 (ms)"],
  rows: [
    ["sse-node", "1,234.5"],
    ["=1+1", "–"],
    ["@SUM(a)", "−3"],
    [HOSTILE_NAME, "2.5 [2–3]"],
  ],
};

describe("a table", () => {
  it("is CSV with plain numbers, and no text in it a formula or a control character", () => {
    expect(csvOf(GRID)).toBe(
      [
        `server,"p99 (ms)"`,
        "sse-node,1234.5",
        `"'=1+1",`,
        `"'@SUM(a)",-3`,
        String.raw`"<img src=x onerror=alert(1)>\x1b[31m|\u202e""","2.5 [2–3]"`,
        "",
      ].join("\r\n"),
    );
  });

  it("is Markdown in which a name is no markup", () => {
    const lines = markdownOf(GRID).split("\n");
    expect(lines.slice(0, 3)).toEqual(["| server | p99 (ms) |", "| :--- | ---: |", "| sse-node | 1,234.5 |"]);
    expect(lines[5]).toBe(String.raw`| &lt;img src=x onerror=alert(1)&gt;\\x1b\[31m\|\\u202e" | 2.5 \[2–3\] |`);
  });
});
