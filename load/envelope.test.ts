import { describe, expect, test } from "vitest";
import { createEnvelopeReader, ENVELOPE_BYTES, findEnvelopes, MAX_PAYLOAD_BYTES, MAX_SEQUENCE, writeEnvelope } from "./envelope.ts";
import type { EnvelopeReader } from "./envelope.ts";

function envelope(size: number, sequence = 7, dueNs = 123_456_789_012_345): Buffer {
  const bytes = Buffer.alloc(size);
  writeEnvelope(bytes, 0, size, 42, sequence, dueNs, dueNs + 98_765);
  return bytes;
}

test.each([ENVELOPE_BYTES, 65, 128, 320, 321, 65_536, MAX_PAYLOAD_BYTES])("what is written in %i bytes is read back", (size) => {
  const reader = createEnvelopeReader();
  const bytes = Buffer.concat([Buffer.from("xx"), envelope(size), Buffer.from("yy")]);
  expect(reader.read(bytes, 2, 2 + size)).toBe(true);
  expect(reader).toMatchObject({ topic: 42, sequence: 7, dueNs: 123_456_789_012_345, lagNs: 98_765 });
});

test("travels unescaped in JSON, lines and event streams", () => {
  const text = envelope(4096).toString("latin1");
  expect(text).toMatch(/^[!-~]+$/);
  expect(JSON.stringify(text)).toBe(`"${text}"`);
});

test("times past 2^53 ns are read to within their precision", () => {
  const reader = createEnvelopeReader();
  const dueNs = 31_536_000_123_456_788; // a year of uptime
  expect(reader.read(envelope(64, 1, dueNs), 0, 64)).toBe(true);
  expect(Math.abs(reader.dueNs - dueNs)).toBeLessThanOrEqual(4);
});

// From python-xxhash: `f"{x}{xxhash.xxh32(x).intdigest():08x}"`.
test.each([
  [42, 7, 123_456_789_012_345, 98_765, "PB2:000000400000002a0000000700007048860ddf790000000181cd1f61c4dd"],
  [0xfedcba98, MAX_SEQUENCE, 31_536_000_123_456_788, 2 ** 48 - 1, "PB2:00000040fedcba98ffffffff007009d334fecd14ffffffffffff0e7a09a5"],
])("fields and checksum are those that another implementation writes", (topic, sequence, dueNs, lagNs, text) => {
  const bytes = Buffer.alloc(ENVELOPE_BYTES);
  writeEnvelope(bytes, 0, ENVELOPE_BYTES, topic, sequence, dueNs, dueNs + lagNs);
  expect(bytes.toString()).toBe(text);
  const reader = createEnvelopeReader();
  expect(reader.read(Buffer.from(text), 0, ENVELOPE_BYTES)).toBe(true);
  expect(reader).toMatchObject({ topic, sequence, dueNs, lagNs });
});

test("of every message the fields are its own, whatever came before", () => {
  const reader = createEnvelopeReader();
  for (const sequence of [1, 2, 2, 1, 513, 1, 65_537, 1025]) {
    for (const size of [128, 129, 128, 64, 1000]) {
      expect(reader.read(envelope(size, sequence, sequence * 1e6), 0, size)).toBe(true);
      expect(reader).toMatchObject({ sequence, dueNs: sequence * 1e6 });
    }
  }
});

describe.each([
  ["nobody has seen", false],
  ["another subscriber was just given", true],
])("of a message that %s", (_, seen) => {
  const whole = envelope(200);
  function readerOf(size: number): EnvelopeReader {
    const reader = createEnvelopeReader();
    if (seen) expect(reader.read(envelope(size), 0, size)).toBe(true);
    return reader;
  }

  test.each([64, 67, 200, 400])("a change of any single byte in %i is seen", (size) => {
    const reader = readerOf(size);
    const damaged = envelope(size);
    for (let i = 0; i < size; i++) {
      const right = damaged[i]!;
      for (let byte = 0; byte < 256; byte++) {
        damaged[i] = byte;
        if (byte !== right && reader.read(damaged, 0, size)) expect.fail(`byte ${i} was ${right} and is ${byte}`);
      }
      damaged[i] = right;
    }
  });

  test("that it is cut short, longer or shifted is seen", () => {
    const reader = readerOf(200);
    for (let end = 0; end < 200; end++) expect(reader.read(whole, 0, end)).toBe(false);
    expect(reader.read(Buffer.concat([whole, Buffer.from("A")]), 0, 201)).toBe(false);
    // As a longer message goes on.
    expect(reader.read(envelope(300, 7).fill(whole, 0, 64), 0, 300)).toBe(false);
    const shifted = Buffer.concat([whole.subarray(0, 64), whole.subarray(65), whole.subarray(64, 65)]);
    expect(reader.read(shifted, 0, 200)).toBe(false);
  });
});

test("envelopes are found wherever they lie, as often as they stand there, and nothing else is", () => {
  const [first, second] = [envelope(64, 1).toString(), envelope(200, 2).toString()];
  for (const text of [
    first,
    `42["message","${first}"]`,
    `a[{"data":"${first}"},"PB","PB2",":${second}"]`,
    `${first}${second}${first}`,
    "PB2",
    "",
    '{"PB":2}',
  ]) {
    const bytes = Buffer.from(`stale ${text}${second}`);
    const found: string[] = [];
    const reader = createEnvelopeReader();
    findEnvelopes(bytes, 6, 6 + text.length, (from, to) => {
      found.push(bytes.toString("latin1", from, to));
      return reader.read(bytes, from, to);
    });
    expect(found).toEqual(text.match(new RegExp(`${first}|${second}`, "g")) ?? []);
  }
});

test.each([
  ["cut off", (text: string) => text.slice(0, 100)],
  ["without its digits", (text: string) => `PB2:${text.slice(4).replace(/\d/g, "x")}`],
  ["larger than it is", (text: string) => `PB2:00000384${text.slice(12)}`],
  ["with a changed byte", (text: string) => `${text.slice(0, 90)}!${text.slice(91)}`],
])("an envelope %s is found, as what it is, and the sound one behind it too", (_, damage) => {
  const reader = createEnvelopeReader();
  const bytes = Buffer.from(`["${damage(envelope(128).toString())}","${envelope(80).toString()}"]`);
  const found: boolean[] = [];
  findEnvelopes(bytes, 0, bytes.length, (from, to) => {
    found.push(reader.read(bytes, from, to));
    return found.at(-1)!;
  });
  expect(found).toEqual([false, true]);
});
