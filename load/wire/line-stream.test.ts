import { expect, test } from "vitest";
import { inPieces } from "./in-pieces.ts";
import { createLineStreamParser } from "./line-stream.ts";
import { ProtocolError } from "./protocol-error.ts";

test.each([
  ["each line is handed on without its end", "one\ntwo\n", ["one", "two"]],
  ["an empty line is a line", "\n\na\n\n", ["", "", "a", ""]],
  ["a carriage return stays where it is", "\r\na\rb\r\n", ["\r", "a\rb\r"]],
  ["UTF-8 across the cut", "grüße 🚀\n日本語\n", ["grüße 🚀", "日本語"]],
  ["a line without an end is none", "a\nb", ["a"]],
])("%s", (_, text, expected) => {
  inPieces(Buffer.from(text), (feed) => {
    const lines: string[] = [];
    feed(createLineStreamParser({ line: (bytes, start, end) => lines.push(bytes.toString("utf8", start, end)) }));
    expect(lines).toEqual(expected);
  });
});

test("a line of 200,000 bytes in 200 pieces comes whole, and the next one after it", () => {
  const lines: string[] = [];
  const parser = createLineStreamParser({ line: (bytes, start, end) => lines.push(bytes.toString("latin1", start, end)) });
  const bytes = Buffer.from(`${"y".repeat(200_000)}\nz\n`);
  for (let at = 0; at < bytes.length; at += 1000) parser.feed(bytes, at, Math.min(bytes.length, at + 1000));
  expect(lines).toEqual(["y".repeat(200_000), "z"]);
});

test("a line without end is refused before it fills the memory", () => {
  const parser = createLineStreamParser({ line() {} });
  const piece = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (let i = 0; i < 8; i++) parser.feed(piece, 0, piece.length);
  }).toThrow(ProtocolError);
});
