/** WebSocket framing from the client's side (RFC 6455): the handshake's texts, frames out, and frames in as they arrive in pieces. */
import { createHash, randomBytes, randomFillSync } from "node:crypto";
import { createGrowing } from "./growing.ts";
import type { Growing } from "./growing.ts";
import { headerLines } from "./http1.ts";
import { LONGEST_MESSAGE_BYTES } from "./message-limit.ts";
import { inflateMessage } from "./permessage-deflate.ts";
import { ProtocolError } from "./protocol-error.ts";

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The request that asks for an upgrade, and the key in it; header names in lower case. */
export function upgradeRequest(path: string, headers: Readonly<Record<string, string>>): { request: string; key: string } {
  const key = randomBytes(16).toString("base64");
  return {
    request:
      `GET ${path} HTTP/1.1\r\n${headerLines(headers)}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    key,
  };
}

/** The `Sec-WebSocket-Accept` that must answer a request with that key (RFC 6455, 4.2.2). */
export function acceptOf(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** Random bytes for masks, which must not be guessed (RFC 6455, 5.3), drawn for two thousand frames at once: a draw took ten times as long as all else. */
const masks = new Uint8Array(8192);
let masked = masks.length;

/** One final, masked frame; a control frame's payload is at most 125 bytes. */
export function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  const length = payload.length;
  const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(6 + extra + length);
  frame[0] = 0x80 | opcode;
  if (extra === 0) {
    frame[1] = 0x80 | length;
  } else if (extra === 2) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  const at = 2 + extra;
  if (masked + 4 > masks.length) {
    randomFillSync(masks);
    masked = 0;
  }
  const m0 = (frame[at] = masks[masked++]!);
  const m1 = (frame[at + 1] = masks[masked++]!);
  const m2 = (frame[at + 2] = masks[masked++]!);
  const m3 = (frame[at + 3] = masks[masked++]!);
  const from = at + 4;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    frame[from + i] = payload[i]! ^ m0;
    frame[from + i + 1] = payload[i + 1]! ^ m1;
    frame[from + i + 2] = payload[i + 2]! ^ m2;
    frame[from + i + 3] = payload[i + 3]! ^ m3;
  }
  for (let i = whole; i < length; i++) frame[from + i] = payload[i]! ^ frame[at + (i & 3)]!;
  return frame;
}

export interface FrameEvents {
  /** A whole text or binary message, fragments joined; valid during the call only. */
  message(bytes: Buffer, start: number, end: number): void;
  ping(payload: Buffer): void;
  /** `code` is 1005 where the frame named none. */
  close(code: number, reason: string): void;
}

export interface FrameParser {
  /** Takes `bytes[start, end)`; throws {@link ProtocolError}. */
  feed(bytes: Buffer, start: number, end: number): void;
}

/** RSV1: the message is compressed (RFC 7692, 6). Only a message's first frame has it. */
const COMPRESSED = 0x40;
const RESERVED = 0x70;

/** `deflates`: it was agreed that messages may come compressed. */
export function createFrameParser(events: FrameEvents, deflates = false): FrameParser {
  return new Frames(events, deflates);
}

/** A class, for a closure a method would be half a kilobyte for each of a million connections. */
class Frames implements FrameParser {
  readonly #events: FrameEvents;
  readonly #deflates: boolean;
  /** Bytes of a frame that is not whole yet. */
  readonly #partial = createGrowing();
  /** Payloads of a fragmented message so far. */
  #fragments: Growing | undefined;
  #fragmented = false;
  #compressed = false;

  constructor(events: FrameEvents, deflates: boolean) {
    this.#events = events;
    this.#deflates = deflates;
  }

  feed(bytes: Buffer, start: number, end: number): void {
    const partial = this.#partial;
    if (partial.length === 0) {
      const stop = this.#frames(bytes, start, end);
      if (stop < end) partial.append(bytes, stop, end);
      return;
    }
    partial.append(bytes, start, end);
    const { bytes: whole, length } = partial;
    const stop = this.#frames(whole, 0, length);
    if (stop === 0) return;
    partial.clear();
    if (stop < length) partial.append(whole, stop, length);
  }

  /** Handles whole frames of `bytes[start, end)`; returns where the first frame that is not whole begins. */
  #frames(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (end - at >= 2) {
      const first = bytes[at]!;
      const second = bytes[at + 1]!;
      const opcode = first & 15;
      const short = second & 127;
      const reserved = first & RESERVED;
      if (reserved !== 0 && !(this.#deflates && reserved === COMPRESSED && (opcode === OPCODES.text || opcode === OPCODES.binary)))
        throw new ProtocolError("reserved bits set without an extension that takes them");
      if ((second & 0x80) !== 0) throw new ProtocolError("masked frame from a server");
      let head = 2;
      let length = short;
      if (short === 126) {
        if (end - at < 4) return at;
        length = bytes.readUInt16BE(at + 2);
        head = 4;
      } else if (short === 127) {
        if (end - at < 10) return at;
        length = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
        head = 10;
      }
      if (length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`frame of ${length} bytes, more than ${LONGEST_MESSAGE_BYTES}`);
      const final = (first & 0x80) !== 0;
      if (opcode >= 8) {
        if (opcode > OPCODES.pong) throw new ProtocolError(`unknown opcode ${opcode}`);
        if (!final || length > 125) throw new ProtocolError("fragmented or oversized control frame");
      } else if (opcode > OPCODES.binary) throw new ProtocolError(`unknown opcode ${opcode}`);
      const from = at + head;
      if (end - from < length) return at;
      at = from + length;
      if (opcode < 8) this.#data(first, opcode, final, bytes, from, at);
      else this.#control(opcode, bytes, from, at);
    }
    return at;
  }

  #data(first: number, opcode: number, final: boolean, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODES.continuation) {
      if (!this.#fragmented) throw new ProtocolError("continuation frame without a message");
    } else if (this.#fragmented) {
      throw new ProtocolError("new message inside a fragmented one");
    } else {
      this.#compressed = (first & COMPRESSED) !== 0;
      if (final) return this.#message(bytes, start, end);
    }
    this.#fragmented = !final;
    const fragments = (this.#fragments ??= createGrowing());
    fragments.append(bytes, start, end);
    if (fragments.length > LONGEST_MESSAGE_BYTES) throw new ProtocolError(`message longer than ${LONGEST_MESSAGE_BYTES} bytes`);
    if (!final) return;
    this.#message(fragments.bytes, 0, fragments.length);
    fragments.clear();
  }

  #message(bytes: Buffer, start: number, end: number): void {
    if (!this.#compressed) return this.#events.message(bytes, start, end);
    const whole = inflateMessage(bytes, start, end);
    this.#events.message(whole, 0, whole.length);
  }

  #control(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODES.ping) this.#events.ping(Buffer.from(bytes.subarray(start, end)));
    else if (opcode === OPCODES.close) {
      if (end - start === 1) throw new ProtocolError("close frame with half a code");
      this.#events.close(end - start >= 2 ? bytes.readUInt16BE(start) : 1005, bytes.toString("utf8", Math.min(end, start + 2), end));
    }
  }
}
