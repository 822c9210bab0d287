import { expect, test } from "vitest";
import { inPieces } from "./in-pieces.ts";
import { createPollResponseParser } from "./poll-response.ts";
import { ProtocolError } from "./protocol-error.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const EMPTY = "HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\n\r\n";

function withLength(next: number, ...messages: string[]): string {
  const body = JSON.stringify({ next, missed: 0, messages });
  return `${OK}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function recorder() {
  const seen: string[] = [];
  const parser = createPollResponseParser("/long-poll", {
    message: (bytes, start, end) => seen.push(Buffer.from(bytes.subarray(start, end)).toString()),
    answered: ({ next, missed }) => seen.push(`next ${next}, missed ${String(missed)}`),
    nothing: () => seen.push("nothing"),
  });
  return { seen, parser };
}

test("answers of every kind are read one after another, wherever the pieces end", () => {
  const body = '{"next":3,"missed":0,"messages":["b"]}';
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;
  const answers = [withLength(1), EMPTY, withLength(2, "a"), chunked, EMPTY, EMPTY, withLength(5, "c", "d")];
  inPieces(Buffer.from(answers.join("")), (feed) => {
    const { seen, parser } = recorder();
    feed(parser);
    expect(seen).toEqual([
      "next 1, missed 0",
      "nothing",
      "a",
      "next 2, missed 0",
      "b",
      "next 3, missed 0",
      "nothing",
      "nothing",
      "c",
      "d",
      "next 5, missed 0",
    ]);
  });
});

test.each([
  ["204 where nobody waits", EMPTY],
  ["503", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"],
])("%s is an error that names the request", (_, text) => {
  const parser = createPollResponseParser("/poll", { message: () => {}, answered: () => expect.unreachable() });
  const bytes = Buffer.from(text);
  expect(() => parser.feed(bytes, 0, bytes.length)).toThrow(ProtocolError);
  expect(() => parser.feed(bytes, 0, bytes.length)).toThrow(/^GET \/poll was answered (204|503)$/);
});
