import { expect, test } from "vitest";
import { createResponseParser } from "./http1.ts";
import { inPieces } from "./in-pieces.ts";
import { ProtocolError } from "./protocol-error.ts";

/** What a parser saw, as text. */
function recorder() {
  const seen: string[] = [];
  let body = "";
  const parser = createResponseParser({
    head: ({ status, headers }) => seen.push(`${status} ${headers.get("x-name") ?? ""}`),
    body: (bytes, start, end) => (body += bytes.toString("latin1", start, end)),
    end() {
      seen.push(`body ${body}`);
      body = "";
    },
    upgraded: (bytes, start, end) => (body += bytes.toString("latin1", start, end)),
  });
  return { parser, seen, rest: () => body };
}

test.each([
  ["by length", "HTTP/1.1 200 OK\r\nX-Name: a\r\nContent-Length: 5\r\n\r\nhello", ["200 a", "body hello"]],
  ["empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ["200 ", "body "]],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", ["204 ", "body "]],
  [
    "in chunks, with an extension and a trailer",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n",
    ["200 ", "body abc0123456789"],
  ],
  [
    "one after another",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 Not Found\nContent-Length: 1\n\n!",
    ["200 ", "body ok", "404 ", "body !"],
  ],
  [
    "with a head like one before, and one nearly so",
    ["a", "a", "b", "a", "ab", "a"].map((name) => `HTTP/1.1 200 OK\r\nX-Name: ${name}\r\nContent-Length: 2\r\n\r\n\r\n`).join(""),
    ["a", "a", "b", "a", "ab", "a"].flatMap((name) => [`200 ${name}`, "body \r\n"]),
  ],
])("a response %s is the same however it is cut", (_, text, expected) => {
  inPieces(Buffer.from(text), (feed) => {
    const { parser, seen } = recorder();
    feed(parser);
    expect(seen).toEqual(expected);
  });
});

test("what follows a 101 is handed on untouched", () => {
  inPieces(Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi\n\n", "latin1"), (feed) => {
    const { parser, rest } = recorder();
    feed(parser);
    expect(rest()).toBe("\x81\x02hi\n\n");
  });
});

test.each([
  ["no status line", "HELO there\r\n\r\n"],
  ["a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"],
  ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"],
  ["a chunk size that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"],
  ["an empty chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n"],
  ["a chunk longer than stated", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n"],
  ["a head without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`],
])("%s is a protocol error", (_, text) => {
  const bytes = Buffer.from(text);
  expect(() => recorder().parser.feed(bytes, 0, bytes.length)).toThrow(ProtocolError);
});
