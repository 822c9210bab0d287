import { expect, test } from "vitest";
import { readPollAnswer } from "./poll-answer.ts";
import { ProtocolError } from "./protocol-error.ts";

function read(text: string) {
  const messages: string[] = [];
  const body = Buffer.from(`stale"]\\${text}"messages":["stale"]\\`);
  const start = 8;
  const hello = readPollAnswer(body, start, start + Buffer.byteLength(text), {
    message: (bytes, from, to) => messages.push(bytes.toString("utf8", from, to)),
  });
  return { ...hello, messages };
}

test.each([
  { next: 1, missed: 0, messages: [] },
  { next: 8, missed: 0, messages: ["a"] },
  { next: 123_456, missed: 12, messages: ["a", "", "c]d,e"] },
  { next: 7, missed: 0, messages: ["first", "second", 'third, with an "escape"', "fourth"] },
  { next: 5, missed: null, messages: ["x"] },
  { next: 5, missed: 0, messages: ['with "quotes"', "back\\slash", "line\nend", "grüße 🚀"] },
])("%j is read as JSON reads it", (answer) => {
  expect(read(JSON.stringify(answer))).toEqual(answer);
});

test("another order of the members, and blanks, are read too", () => {
  expect(read('{ "messages": ["a"], "missed": 0, "next": 3 }')).toEqual({ next: 3, missed: 0, messages: ["a"] });
});

test.each([
  "",
  "{}",
  "[]",
  "null",
  "nonsense",
  '{"next":1,"missed":0}',
  '{"next":1,"missed":0,"messages":["a"',
  '{"next":0,"missed":0,"messages":[]}',
  '{"next":,"missed":0,"messages":[]}',
  '{"next":1,"missed":,"messages":[]}',
  '{"next":1234567890123456,"missed":0,"messages":[]',
  '{"next":1,"missed":0,"messages":["a","b\\"]}',
  '{"next":1,"missed":0,"messages":["a\\n"',
  '{"next":1,"missed":0,"messages":["a"]',
  '{"next":1,"missed":0,"messages":["a",]}',
  '{"next":1,"missed":0,"messages":["a""b"]}',
  '{"next":1,"missed":0,"messages":[7]}',
  '{"next":1,"missed":0,"messages":[',
  '{"next":1,"missed":0,"messages":',
])("%j is a protocol error", (text) => {
  expect(() => read(text)).toThrow(ProtocolError);
});
