/** Feeds prepared reads to the subscribers of one format, up to one stage of what a worker does, and says what that cost. */
import { nowNs } from "../clock.ts";
import { createEnvelopeReader, writeEnvelope } from "../envelope.ts";
import { createReads } from "../transport.ts";
import type { Reads, SubscriberEvents } from "../transport.ts";
import { createReceiver } from "../workers/receiver.ts";
import type { Feed, WireFormat } from "./formats.ts";

/** How far a message goes: to where it lies in its read, to its fields, or into ledger and histograms. */
export const STAGES = ["parse", "envelope", "receiver"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * `full`: as much as a read takes; `sparse`: what the server sends at once; `own`: the same, but where otherwise all subscribers are of
 * one topic, and what one of them gets each gets, as in a broadcast, each gets messages of a topic of its own.
 */
export const FILLS = ["full", "sparse", "own"] as const;
export type Fill = (typeof FILLS)[number];

export interface Drive {
  readonly format: WireFormat;
  readonly fill: Fill;
  readonly stage: Stage;
  /** Messages that are timed, of each subscriber; as many again come before, untimed. */
  readonly messages: number;
}

export interface Driven {
  /** CPU time of this process for each timed delivery: who else computes on the machine is not in it. */
  readonly nsPerDelivery: number;
  /** Timed, at all subscribers. */
  readonly deliveries: number;
}

const SUBSCRIBERS = 100;
export const PAYLOAD_BYTES = 128;
/** Latencies are spread over this much, so that they fall into many slots of the histograms, as in a trial. */
const SPREAD_NS = 20_000_000;
/** How long after its due time each is sent. */
const LAG_NS = 50_000;
const HOUR_NS = 3_600_000_000_000;

/** Whether a format is driven so: a poller's reads are never full, and of longer answers not all fit into one buffer. */
export function isDriven({ streams, batch }: WireFormat, fill: Fill): boolean {
  return fill === "sparse" || (fill === "full" ? streams : batch === 1);
}

/** Throws where a message was not counted, once and whole: then nothing was measured. */
export function drive({ format, fill, stage, messages }: Drive): Driven {
  const total = messages * 2;
  const originNs = Math.floor(nowNs()) - SPREAD_NS;
  const topicOf = (slot: number): number => (fill === "own" ? slot : 0);
  const sink = createSink(stage, total, originNs, topicOf);
  const feeds = Array.from({ length: SUBSCRIBERS }, (_, slot) => format.open(sink.events(slot), sink.reads));
  // After all have been sent: no latency is negative.
  sink.reads.receivedNs = originNs + SPREAD_NS + LAG_NS;
  const fillings = fill === "own" ? ownOf(format, total, originNs) : readsOf(format, fill, total, originNs);
  // What a worker has read before lies behind each read, and is none of its business.
  sink.reads.buffer.fill(fillings[0]!.bytes);
  const half = fillings.length >> 1;
  // What was made to prepare them is swept on threads of this process, whose CPU time would be in the figures.
  globalThis.gc?.();
  deliver(sink.reads, { bytes: format.greeting }, feeds);
  sink.measure();

  for (const filling of fillings.slice(0, half)) deliver(sink.reads, filling, feeds);
  const before = sink.counted();
  const timed = fillings.slice(half);
  const from = process.cpuUsage();
  for (const filling of timed) deliver(sink.reads, filling, feeds);
  const { user, system } = process.cpuUsage(from);
  const counted = sink.counted();
  sink.close();
  if (counted !== total * SUBSCRIBERS)
    throw new Error(`${format.name}, ${fill} reads: ${counted} of ${total * SUBSCRIBERS} deliveries were counted`);
  return { nsPerDelivery: ((user + system) * 1000) / (counted - before), deliveries: counted - before };
}

function failed({ message }: { message: string }): never {
  throw new Error(message);
}

/** What the buffer is filled with for one read of each subscriber: all of it, or up to the end of its own part, where it has one. */
interface Filling {
  readonly bytes: Buffer;
  readonly ends?: Uint32Array;
}

/**
 * As a socket does: into the one buffer, over what the last read left there. What the read itself costs is left out: the system call with
 * its copy, which is made here once for all, and the look at the clock, whose place a step of 100 ns takes.
 */
function deliver(reads: Reads, { bytes, ends }: Filling, feeds: readonly Feed[]): void {
  bytes.copy(reads.buffer);
  let start = 0;
  let end = bytes.length;
  for (let slot = 0; slot < feeds.length; slot++) {
    if (ends !== undefined) end = ends[slot]!;
    reads.receivedNs += 100;
    feeds[slot]!(reads.buffer, start, end);
    if (ends !== undefined) start = end;
  }
}

/** The reads that `total` messages come in, the same at all subscribers. */
function readsOf({ batch, carry }: WireFormat, fill: Fill, total: number, originNs: number): Filling[] {
  const batches: Buffer[] = [];
  for (let first = 1; first <= total; first += batch) {
    const messages = Array.from({ length: Math.min(batch, total + 1 - first) }, (_, i) => envelope(0, first + i, originNs));
    batches.push(carry(messages, first));
  }
  if (fill === "sparse") return batches.map((bytes) => ({ bytes }));
  const stream = Buffer.concat(batches);
  const { length } = createReads().buffer;
  return Array.from({ length: Math.ceil(stream.length / length) }, (_, i) => ({ bytes: stream.subarray(i * length, (i + 1) * length) }));
}

/** The same, of as many messages for each subscriber, a message a read. */
function ownOf({ carry }: WireFormat, total: number, originNs: number): Filling[] {
  return Array.from({ length: total }, (_, i) => {
    const parts = Array.from({ length: SUBSCRIBERS }, (_message, slot) => carry([envelope(slot, i + 1, originNs)], i + 1));
    let end = 0;
    return { bytes: Buffer.concat(parts), ends: Uint32Array.from(parts, ({ length }) => (end += length)) };
  });
}

function envelope(topic: number, sequence: number, originNs: number): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES);
  // A stride without a common factor visits all of the spread.
  const dueNs = originNs + ((sequence * 7_919_003) % SPREAD_NS);
  writeEnvelope(bytes, 0, PAYLOAD_BYTES, topic, sequence, dueNs, dueNs + LAG_NS);
  return bytes.toString("latin1");
}

/** Where messages end up. */
interface Sink {
  readonly reads: Reads;
  /** One literal, as in a worker: objects put together from others have a shape each, and 50 ns were lost in looking at them. */
  events(slot: number): SubscriberEvents;
  /** All subscribers are open. */
  measure(): void;
  /** Deliveries so far, each message once; at the last stage those that have a latency. */
  counted(): number;
  close(): void;
}

function createSink(stage: Stage, total: number, originNs: number, topicOf: (slot: number) => number): Sink {
  if (stage === "receiver") return createReceiverSink(total, originNs, topicOf);
  let count = 0;
  const reader = createEnvelopeReader();
  const payload: SubscriberEvents["payload"] =
    stage === "parse"
      ? (_bytes, start, end) => {
          if (end - start === PAYLOAD_BYTES) count++;
        }
      : (bytes, start, end) => {
          if (reader.read(bytes, start, end)) count++;
        };
  return {
    reads: createReads(),
    events: () => ({ opened() {}, payload, failed }),
    measure() {},
    counted: () => count,
    close() {},
  };
}

function createReceiverSink(total: number, originNs: number, topicOf: (slot: number) => number): Sink {
  const indices = Array.from({ length: SUBSCRIBERS }, (_, slot) => slot);
  const receiver = createReceiver(indices, { topicOf }, () => {});
  const range = { first: 1, last: total };
  return {
    reads: receiver.reads,
    events: (slot) => ({
      opened: (hello, took) => receiver.opened(slot, { close() {} }, hello, took, 0),
      payload: (bytes, start, end) => receiver.payload(slot, bytes, start, end),
      failed,
    }),
    measure: () => receiver.measure({ startNs: originNs, zeroNs: originNs, endNs: originNs + HOUR_NS, deadlineNs: originNs + 2 * HOUR_NS }),
    counted() {
      const { whole, histograms } = receiver.result(
        indices.map(() => ({ whole: range, window: range })),
        NO_USAGE,
      );
      const recorded = [histograms["delivery"]!, histograms["transit"]!].map(({ pairs }) =>
        pairs.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0),
      );
      return Math.min(whole.delivered, ...recorded);
    },
    close: receiver.closeAll,
  };
}

const NO_USAGE = { elu: 0, loopDelayMs: { p50: 0, p99: 0, max: 0 }, cpuCores: 0, rssBytes: 0 };
