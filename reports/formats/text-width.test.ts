import { describe, expect, it } from "vitest";
import { cutTo, endOf, padEndTo, padStartTo, startOf, textWidth } from "./text-width.ts";

describe("the columns of a text", () => {
  it.each([
    ["", 0],
    ["sse-node", 8],
    ["日本語", 6],
    ["한글", 4],
    ["é", 1],
    ["e\u0301", 1],
    ["🚀", 2],
    ["▁▂█━…·×", 7],
    ["a\u200Bb", 2],
    // Some terminals make it two columns wide, some one.
    ["❤\uFE0F", 2],
  ])("of %j are %d", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it("are never more than asked for where it is cut, and no wide character is cut in two", () => {
    for (const text of ["日本語", "a日b本c", "sse-node", "e\u0301e\u0301e\u0301"]) {
      for (let width = 0; width <= 8; width++) {
        for (const cut of [startOf(text, width), endOf(text, width), cutTo(text, width)]) expect(textWidth(cut)).toBeLessThanOrEqual(width);
      }
    }
  });

  it("are filled up on either side", () => {
    expect([padEndTo("日本", 6), padStartTo("日本", 6), padEndTo("abc", 2)]).toEqual(["日本  ", "  日本", "abc"]);
  });

  it("say by an ellipsis that something is missing", () => {
    expect([cutTo("日本語", 5), cutTo("日本語", 6), cutTo("sse-node", 4)]).toEqual(["日本…", "日本語", "sse…"]);
  });

  it("take no mark without its letter", () => {
    expect(endOf("ae\u0301", 0)).toBe("");
    expect(endOf("ae\u0301", 1)).toBe("e\u0301");
  });
});
