/**
 * The envelope: what a message is, to the load. The servers never look inside.
 *
 * Printable ASCII without quotes, backslashes, blanks or line ends, so that JSON, event streams, lines and publish streams carry it
 * unescaped. Fields of fixed width, decimal:
 *
 *     PB1:  size  topic  sequence  due (ns)  lag (ns)  checksum  padding …
 *     4     6     7      9         18        12        8 (hex)   up to size
 *
 * `due` is on the host's monotonic clock; the send time is due + lag. The checksum covers the fields; the padding is the same for
 * every message and is compared whole.
 */

/** Bytes of an envelope without padding: the smallest message there is. */
export const ENVELOPE_BYTES = 64;
/** The size field has six digits. */
export const MAX_PAYLOAD_BYTES = 999_999;
/** The sequence field has nine digits. */
export const MAX_SEQUENCE = 999_999_999;
/** The lag field has twelve: a quarter of an hour late is late enough. */
const MAX_LAG_NS = 999_999_999_999;

const SIZE = 4;
const TOPIC = 10;
const SEQUENCE = 17;
const DUE = 26;
const LAG = 44;
const CHECKSUM = 56;

const ZERO = 48;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
let padding = makePadding(4096);

/** Writes one message of `size` bytes at `offset`; times in ns, integers. */
export function writeEnvelope(
  into: Uint8Array,
  offset: number,
  size: number,
  topic: number,
  sequence: number,
  dueNs: number,
  sentNs: number,
): void {
  into[offset] = 0x50;
  into[offset + 1] = 0x42;
  into[offset + 2] = 0x31;
  into[offset + 3] = 0x3a;
  const lagNs = Math.min(Math.max(0, sentNs - dueNs), MAX_LAG_NS);
  const dueHigh = Math.floor(dueNs / 1e9);
  const dueLow = dueNs - dueHigh * 1e9;
  const lagHigh = Math.floor(lagNs / 1e6);
  const lagLow = lagNs - lagHigh * 1e6;
  writeDigits(into, offset + SIZE, 6, size);
  writeDigits(into, offset + TOPIC, 7, topic);
  writeDigits(into, offset + SEQUENCE, 9, sequence);
  writeDigits(into, offset + DUE, 9, dueHigh);
  writeDigits(into, offset + DUE + 9, 9, dueLow);
  writeDigits(into, offset + LAG, 6, lagHigh);
  writeDigits(into, offset + LAG + 6, 6, lagLow);
  let sum = checksum(size, topic, sequence, dueHigh, dueLow, lagHigh, lagLow);
  for (let i = CHECKSUM + 7; i >= CHECKSUM; i--) {
    const nibble = sum & 15;
    into[offset + i] = nibble < 10 ? ZERO + nibble : 87 + nibble;
    sum >>>= 4;
  }
  const rest = size - ENVELOPE_BYTES;
  if (rest > padding.length) padding = makePadding(rest);
  into.set(rest === padding.length ? padding : padding.subarray(0, rest), offset + ENVELOPE_BYTES);
}

/** Reads envelopes in place; the fields hold the last one that {@link EnvelopeReader.read} accepted. */
export interface EnvelopeReader {
  readonly topic: number;
  readonly sequence: number;
  readonly dueNs: number;
  readonly lagNs: number;
  /** True when `bytes[start, end)` is one whole, undamaged envelope. */
  read(bytes: Uint8Array, start: number, end: number): boolean;
}

/**
 * Looks in `bytes[start, end)`, which may hold anything else as well, for what begins as an envelope does. `found` gets each with the end
 * that its own size states, or `end` where that cannot be, and says whether it was whole: what lies in a damaged one is looked at too.
 */
export function findEnvelopes(bytes: Uint8Array, start: number, end: number, found: (from: number, to: number) => boolean): void {
  for (let at = start; at < end - 3; at++) {
    if (!beginsEnvelope(bytes, at)) continue;
    const to = at + statedSize(bytes, at, end);
    if (found(at, to)) at = to - 1;
  }
}

function beginsEnvelope(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x50 && bytes[at + 1] === 0x42 && bytes[at + 2] === 0x31 && bytes[at + 3] === 0x3a;
}

/** The size field, or what there is up to `end` where it holds no size or more than that. */
function statedSize(bytes: Uint8Array, at: number, end: number): number {
  let size = 0;
  for (let i = at + SIZE; i < at + TOPIC && i < end; i++) size = size * 10 + bytes[i]! - ZERO;
  return size >= ENVELOPE_BYTES && size <= end - at ? size : end - at;
}

export function createEnvelopeReader(): EnvelopeReader {
  return new Reader();
}

/** A class, for `read` runs once a delivery and its fields are then plain loads. */
class Reader implements EnvelopeReader {
  topic = 0;
  sequence = 0;
  dueNs = 0;
  lagNs = 0;
  /** Set when a field held anything but digits. */
  #broken = false;

  read(bytes: Uint8Array, start: number, end: number): boolean {
    const size = end - start;
    if (size < ENVELOPE_BYTES) return false;
    if (!beginsEnvelope(bytes, start)) return false;
    this.#broken = false;
    const stated = this.#digits(bytes, start + SIZE, 6);
    const topic = this.#digits(bytes, start + TOPIC, 7);
    const sequence = this.#digits(bytes, start + SEQUENCE, 9);
    const dueHigh = this.#digits(bytes, start + DUE, 9);
    const dueLow = this.#digits(bytes, start + DUE + 9, 9);
    const lagHigh = this.#digits(bytes, start + LAG, 6);
    const lagLow = this.#digits(bytes, start + LAG + 6, 6);
    if (this.#broken || stated !== size) return false;
    let sum = 0;
    for (let i = start + CHECKSUM; i < start + ENVELOPE_BYTES; i++) {
      const c = bytes[i]!;
      const nibble = c >= ZERO && c <= 57 ? c - ZERO : c >= 97 && c <= 102 ? c - 87 : -1;
      if (nibble < 0) return false;
      sum = (sum << 4) | nibble;
    }
    if (sum >>> 0 !== checksum(size, topic, sequence, dueHigh, dueLow, lagHigh, lagLow)) return false;
    if (!paddingMatches(bytes, start + ENVELOPE_BYTES, size - ENVELOPE_BYTES)) return false;
    this.topic = topic;
    this.sequence = sequence;
    this.dueNs = dueHigh * 1e9 + dueLow;
    this.lagNs = lagHigh * 1e6 + lagLow;
    return true;
  }

  #digits(bytes: Uint8Array, at: number, width: number): number {
    let value = 0;
    for (let i = at; i < at + width; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) this.#broken = true;
      value = value * 10 + digit;
    }
    return value;
  }
}

function paddingMatches(bytes: Uint8Array, start: number, length: number): boolean {
  if (length > padding.length) padding = makePadding(length);
  // Below this a loop is cheaper than the call into the runtime.
  if (length > 256 && Buffer.isBuffer(bytes)) return bytes.compare(padding, 0, length, start, start + length) === 0;
  for (let i = 0; i < length; i++) {
    if (bytes[start + i] !== padding[i]) return false;
  }
  return true;
}

function writeDigits(into: Uint8Array, at: number, width: number, value: number): void {
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    const next = Math.floor(rest / 10);
    into[i] = ZERO + (rest - next * 10);
    rest = next;
  }
}

/** Mixes the seven fields as MurmurHash3's finaliser does (https://github.com/aappleby/smhasher), 32 bits. */
function checksum(a: number, b: number, c: number, d: number, e: number, f: number, g: number): number {
  let h = mix(0x9e3779b9, a);
  h = mix(h, b);
  h = mix(h, c);
  h = mix(h, d);
  h = mix(h, e);
  h = mix(h, f);
  h = mix(h, g);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mix(hash: number, value: number): number {
  const k = Math.imul(value, 0xcc9e2d51);
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function makePadding(length: number): Buffer {
  // A stride that shares no factor with 64 makes every shift of the padding visible within a few bytes.
  return Buffer.from(Array.from({ length }, (_, i) => ALPHABET.charCodeAt((i * 37 + (i >> 6)) % 64)));
}
