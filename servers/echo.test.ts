import { expect, test } from "vitest";
import { MAX_MESSAGE_BYTES } from "./contract.ts";
import { createEcho } from "./echo.ts";

function setUp() {
  const published: [topic: string, payload: string][] = [];
  return { published, echo: createEcho({ publish: (topic, payload) => published.push([topic, payload]) }) };
}

function upload(echo: ReturnType<typeof createEcho>, chunks: readonly Buffer[], headers = {}) {
  const sent = echo.receive({ method: "POST", url: "/send?topic=t", headers });
  if (sent === undefined || "status" in sent) return sent;
  for (const chunk of chunks) sent.write(chunk);
  return sent.end();
}

test("a body is published once it has ended, wherever its chunks are cut", () => {
  const { echo, published } = setUp();
  const bytes = Buffer.from("grüße 🚀");
  expect(
    upload(
      echo,
      Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)),
    ),
  ).toBeUndefined();
  expect(published).toEqual([["t", "grüße 🚀"]]);
});

test.each<[what: string, message: Buffer, status: number]>([
  ["nothing", Buffer.alloc(0), 400],
  ["CR", Buffer.from("a\rb"), 400],
  ["LF", Buffer.from("a\nb"), 400],
  ["what is not UTF-8", Buffer.from([0x61, 0xff]), 400],
  ["too much", Buffer.alloc(MAX_MESSAGE_BYTES + 1, 97), 413],
])("%s is refused, sent whole or in pieces, and not published", (_, message, status) => {
  const { echo, published } = setUp();
  expect(echo.publish("t", message)).toMatchObject({ status });
  const half = message.length >> 1;
  expect(upload(echo, [message.subarray(0, half), message.subarray(half)])).toMatchObject({ status });
  expect(published).toEqual([]);
});

test("a message as long as may be is published", () => {
  const { echo, published } = setUp();
  expect(upload(echo, [Buffer.alloc(MAX_MESSAGE_BYTES, 97)])).toBeUndefined();
  expect(published[0]![1]).toHaveLength(MAX_MESSAGE_BYTES);
});

test("a length that is too much is refused before the body comes", () => {
  expect(upload(setUp().echo, [], { "content-length": String(MAX_MESSAGE_BYTES + 1) })).toMatchObject({ status: 413 });
});
