import { expect, test } from "vitest";
import { createEnvelopeReader, ENVELOPE_BYTES, findEnvelopes, MAX_PAYLOAD_BYTES, writeEnvelope } from "./envelope.ts";

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

test("a change of any single byte is seen", () => {
  const reader = createEnvelopeReader();
  const whole = envelope(400);
  for (let i = 0; i < whole.length; i++) {
    for (const change of [1, 2, 0x20, 0x80]) {
      const damaged = Buffer.from(whole);
      damaged[i]! ^= change;
      expect(reader.read(damaged, 0, damaged.length), `byte ${i} ^ ${change}`).toBe(false);
    }
  }
});

test("a message cut short, made longer or shifted is seen", () => {
  const reader = createEnvelopeReader();
  const whole = envelope(200);
  for (let end = 0; end < 200; end++) expect(reader.read(whole, 0, end)).toBe(false);
  expect(reader.read(Buffer.concat([whole, Buffer.from("A")]), 0, 201)).toBe(false);
  const shifted = Buffer.concat([whole.subarray(0, 64), whole.subarray(65), whole.subarray(64, 65)]);
  expect(reader.read(shifted, 0, 200)).toBe(false);
});

test("envelopes are found wherever they lie, as often as they stand there, and nothing else is", () => {
  const [first, second] = [envelope(64, 1).toString(), envelope(200, 2).toString()];
  for (const text of [
    first,
    `42["message","${first}"]`,
    `a[{"data":"${first}"},"PB","PB1",":${second}"]`,
    `${first}${second}${first}`,
    "PB1",
    "",
    '{"PB":1}',
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
  ["without its digits", (text: string) => `PB1:${text.slice(4).replace(/\d/g, "x")}`],
  ["larger than it is", (text: string) => `PB1:000900${text.slice(10)}`],
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
