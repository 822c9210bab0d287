import { expect, test } from "vitest";
import { createEventStreamParser } from "./event-stream.ts";
import { inPieces } from "./in-pieces.ts";
import { ProtocolError } from "./protocol-error.ts";

function recorder() {
  const events: string[] = [];
  const parser = createEventStreamParser({
    event: (type, bytes, start, end) => events.push(`${type}=${bytes.toString("utf8", start, end)}`),
  });
  return { parser, events };
}

test.each([
  ["data on one line", "id: 7\ndata: hello\n\n", ["message=hello"]],
  ["no blank after the colon", "data:hello\n\n", ["message=hello"]],
  ["only the first blank is dropped", "data:  hello\n\n", ["message= hello"]],
  ["several data lines are joined", "data: a\ndata: b\ndata\ndata: c\n\n", ["message=a\nb\n\nc"]],
  ["a type holds for one event", "event: hello\ndata: 1\n\ndata: 2\n\n", ["hello=1", "message=2"]],
  ["the type may follow the data", "data: 1\nevent: late\n\n", ["late=1"]],
  ["comments and other fields are skipped", ": beat\n\nretry: 10\nfoo: bar\nnocolon\ndata: x\n\n:\n\n", ["message=x"]],
  ["a field that only begins as data is another", "dataset: x\ndata : y\nDATA: z\ndat: a\ndata: x\n\n", ["message=x"]],
  ["an event without data is none", "event: empty\n\ndata: x\n\n", ["message=x"]],
  ["empty data is an event", "data\n\ndata:\n\n", ["message=", "message="]],
  ["carriage returns end lines", "data: a\r\rdata: b\r\n\r\ndata: c\r\n\n", ["message=a", "message=b", "message=c"]],
  ["a byte order mark is skipped once", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n", ["message=a"]],
  ["UTF-8 across the cut", "data: grüße 🚀\n\n", ["message=grüße 🚀"]],
  ["an unfinished event is none", "data: a\n\ndata: b\n", ["message=a"]],
])("%s", (_, text, expected) => {
  inPieces(Buffer.from(text), (feed) => {
    const { parser, events } = recorder();
    feed(parser);
    expect(events).toEqual(expected);
  });
});

test("a line without end is refused before it fills the memory", () => {
  const { parser } = recorder();
  const piece = Buffer.alloc(1024 * 1024, "x");
  expect(() => {
    for (let i = 0; i < 8; i++) parser.feed(piece, 0, piece.length);
  }).toThrow(ProtocolError);
});
