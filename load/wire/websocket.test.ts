import type { Writable } from "node:stream";
import { constants, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import * as ws from "ws";
import { inPieces } from "./in-pieces.ts";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { ProtocolError } from "./protocol-error.ts";
import { clientFrame, createFrameParser, OPCODES } from "./websocket.ts";

function frame(opcode: number, payload: string | Buffer, final = true): Buffer {
  const bytes = Buffer.from(payload);
  const head =
    bytes.length < 126
      ? Buffer.from([(final ? 0x80 : 0) | opcode, bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([(final ? 0x80 : 0) | opcode, 126, bytes.length >> 8, bytes.length & 255])
        : Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode, 127, 0, 0, 0, 0]), uint32(bytes.length)]);
  return Buffer.concat([head, bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** As a server compresses a message, the last four bytes of its flush left out. */
function deflated(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

const RSV1 = 0x40;

function recorder(deflates = false) {
  const seen: string[] = [];
  const parser = createFrameParser(
    {
      message: (bytes, start, end) => seen.push(`message ${bytes.toString("utf8", start, end)}`),
      ping: (payload) => seen.push(`ping ${payload.toString()}`),
      close: (code, reason) => seen.push(`close ${code} ${reason}`),
    },
    deflates,
  );
  return { parser, seen };
}

test("frames are the same however they are cut", () => {
  const bytes = Buffer.concat([
    frame(OPCODES.text, "hello"),
    frame(OPCODES.text, ""),
    frame(OPCODES.text, "frag", false),
    frame(OPCODES.ping, "beat"),
    frame(OPCODES.continuation, "men", false),
    frame(OPCODES.continuation, "ted 🚀"),
    frame(OPCODES.pong, "ignored"),
    frame(OPCODES.binary, "x".repeat(200)),
    frame(OPCODES.close, Buffer.concat([Buffer.from([3, 232]), Buffer.from("bye")])),
  ]);
  inPieces(bytes, (feed) => {
    const { parser, seen } = recorder();
    feed(parser);
    expect(seen).toEqual([
      "message hello",
      "message ",
      "ping beat",
      "message fragmented 🚀",
      `message ${"x".repeat(200)}`,
      "close 1000 bye",
    ]);
  });
});

test("a message of 70,000 bytes in 1,000 pieces comes whole", () => {
  const text = "y".repeat(70_000);
  const bytes = frame(OPCODES.text, text);
  const { parser, seen } = recorder();
  for (let at = 0; at < bytes.length; at += 70) parser.feed(bytes, at, Math.min(bytes.length, at + 70));
  expect(seen).toEqual([`message ${text}`]);
});

test.each([
  ["reserved bits", [0xc1, 0]],
  ["a masked frame", [0x81, 0x80, 0, 0, 0, 0]],
  ["an unknown opcode", [0x83, 0]],
  ["an unknown control opcode", [0x8b, 0]],
  ["a fragmented ping", [0x09, 0]],
  ["a long ping", [0x89, 126, 0, 200]],
  ["a continuation of nothing", [0x80, 0]],
  ["a message inside a message", [0x01, 0, 0x81, 0]],
  ["half a close code", [0x88, 1, 3]],
  ["a frame larger than is taken", [0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]],
])("%s is a protocol error", (_, bytes) => {
  expect(() => recorder().parser.feed(Buffer.from(bytes), 0, bytes.length)).toThrow(ProtocolError);
});

test("compressed messages are the same however they are cut, beside others that are not", () => {
  const text = "grüße ".repeat(50);
  const halves = deflated(text);
  const middle = Math.floor(halves.length / 2);
  const bytes = Buffer.concat([
    frame(OPCODES.text | RSV1, deflated("hello")),
    frame(OPCODES.text, "plain"),
    frame(OPCODES.binary | RSV1, deflated("")),
    frame(OPCODES.text | RSV1, halves.subarray(0, middle), false),
    frame(OPCODES.ping, "beat"),
    frame(OPCODES.continuation, halves.subarray(middle)),
    frame(OPCODES.text, "in ", false),
    frame(OPCODES.continuation, "two"),
    frame(OPCODES.text | RSV1, deflated("hello")),
  ]);
  inPieces(bytes, (feed) => {
    const { parser, seen } = recorder(true);
    feed(parser);
    expect(seen).toEqual(["message hello", "message plain", "message ", "ping beat", `message ${text}`, "message in two", "message hello"]);
  });
});

test.each([
  ["a compressed message that nobody agreed to", frame(OPCODES.text | RSV1, deflated("x")), false],
  ["a compressed continuation", Buffer.concat([frame(OPCODES.text | RSV1, "", false), frame(OPCODES.continuation | RSV1, "")]), true],
  ["a compressed ping", frame(OPCODES.ping | RSV1, deflated("x")), true],
  ["another reserved bit", frame(OPCODES.text | 0x20, "x"), true],
  ["a message that does not inflate", frame(OPCODES.text | RSV1, Buffer.of(0xff)), true],
])("%s is a protocol error", (_, bytes, deflates) => {
  expect(() => recorder(deflates).parser.feed(bytes, 0, bytes.length)).toThrow(ProtocolError);
});

test("a message may inflate to what is taken at most", () => {
  const bomb = frame(OPCODES.text | RSV1, deflated("0".repeat(64 * LONGEST_MESSAGE_BYTES)));
  expect(bomb.length).toBeLessThan(LONGEST_MESSAGE_BYTES);
  expect(() => recorder(true).parser.feed(bomb, 0, bomb.length)).toThrow(
    `message that inflates to more than ${LONGEST_MESSAGE_BYTES} bytes`,
  );
  const most = frame(OPCODES.text | RSV1, deflated("0".repeat(LONGEST_MESSAGE_BYTES)));
  const { parser, seen } = recorder(true);
  parser.feed(most, 0, most.length);
  expect(seen[0]).toHaveLength("message ".length + LONGEST_MESSAGE_BYTES);
});

/** ws exports its receiver; its types do not know. */
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

test.each([0, 5, 125, 126, 65_535, 65_536])("a frame of %i bytes is read by ws", async (length) => {
  const receiver = new Receiver({ isServer: true });
  const message = new Promise<Buffer>((resolve) => receiver.once("message", resolve));
  receiver.write(clientFrame(OPCODES.text, Buffer.alloc(length, "z")));
  expect((await message).toString()).toBe("z".repeat(length));
});

test.each([0, 1, 3, 4, 5, 125, 126, 127, 65_536])("a frame of %i bytes out is masked, and reads back as it was", (length) => {
  const payload = Buffer.from(Array.from({ length }, (_, i) => i & 255));
  const out = clientFrame(OPCODES.binary, payload);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  expect(out[0]).toBe(0x80 | OPCODES.binary);
  expect(out[1]).toBe(0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127));
  expect(out).toHaveLength(head + 4 + length);
  const mask = out.subarray(head, head + 4);
  expect(Buffer.from(out.subarray(head + 4).map((byte, i) => byte ^ mask[i & 3]!)).equals(payload)).toBe(true);
});

test("each frame out has a mask of its own", () => {
  const masks = Array.from({ length: 5000 }, () => clientFrame(OPCODES.text, Buffer.alloc(0)).readUInt32BE(2));
  // Of 2^32 masks 5,000 have a pair alike in one of 350 draws, and no more than three in any that will be seen.
  expect(new Set(masks).size).toBeGreaterThan(4996);
});
