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

/** `full`: as much as a read takes; `sparse`: what the server sends at once. */
export const FILLS = ["full", "sparse"] as const;
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

/** All of one topic: what one of them gets, each gets, as in a broadcast. */
const SUBSCRIBERS = 100;
export const PAYLOAD_BYTES = 128;
/** Latencies are spread over this much, so that they fall into many slots of the histograms, as in a trial. */
const SPREAD_NS = 20_000_000;
/** How long after its due time each is sent. */
const LAG_NS = 50_000;
const HOUR_NS = 3_600_000_000_000;

/** Throws where a message was not counted, once and whole: then nothing was measured. */
export function drive({ format, fill, stage, messages }: Drive): Driven {
  const total = messages * 2;
  const originNs = Math.floor(nowNs()) - SPREAD_NS;
  const sink = createSink(stage, total, originNs);
  const feeds = Array.from({ length: SUBSCRIBERS }, (_, slot) => format.open({ ...sink.events(slot), failed }, sink.reads));
  // After all have been sent: no latency is negative.
  sink.reads.receivedNs = originNs + SPREAD_NS + LAG_NS;
  const pieces = readsOf(format, fill, total, originNs);
  // What a worker has read before lies behind each read, and is none of its business.
  sink.reads.buffer.fill(pieces[0]!);
  const half = pieces.length >> 1;
  deliver(sink.reads, [format.greeting], feeds);
  sink.measure();

  deliver(sink.reads, pieces.slice(0, half), feeds);
  const before = sink.counted();
  const from = process.cpuUsage();
  deliver(sink.reads, pieces.slice(half), feeds);
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

/**
 * As a socket does: into the one buffer, over what the last read left there. What the read itself costs is left out: the system call with
 * its copy, which is made here once for all, and the look at the clock, whose place a step of 100 ns takes.
 */
function deliver(reads: Reads, pieces: readonly Buffer[], feeds: readonly Feed[]): void {
  for (const piece of pieces) {
    piece.copy(reads.buffer);
    for (const feed of feeds) {
      reads.receivedNs += 100;
      feed(reads.buffer, 0, piece.length);
    }
  }
}

/** The reads that `total` messages come in. */
function readsOf({ batch, streams, carry }: WireFormat, fill: Fill, total: number, originNs: number): Buffer[] {
  const batches: Buffer[] = [];
  for (let first = 1; first <= total; first += batch) {
    const messages = Array.from({ length: Math.min(batch, total + 1 - first) }, (_, i) => envelope(first + i, originNs));
    batches.push(carry(messages, first));
  }
  if (fill === "sparse" || !streams) return batches;
  const stream = Buffer.concat(batches);
  const { length } = createReads().buffer;
  return Array.from({ length: Math.ceil(stream.length / length) }, (_, i) => stream.subarray(i * length, (i + 1) * length));
}

function envelope(sequence: number, originNs: number): string {
  const bytes = Buffer.alloc(PAYLOAD_BYTES);
  // A stride without a common factor visits all of the spread.
  const dueNs = originNs + ((sequence * 7_919_003) % SPREAD_NS);
  writeEnvelope(bytes, 0, PAYLOAD_BYTES, 0, sequence, dueNs, dueNs + LAG_NS);
  return bytes.toString("latin1");
}

/** Where messages end up. */
interface Sink {
  readonly reads: Reads;
  events(slot: number): Pick<SubscriberEvents, "opened" | "payload">;
  /** All subscribers are open. */
  measure(): void;
  /** Deliveries so far, each message once; at the last stage those that have a latency. */
  counted(): number;
  close(): void;
}

function createSink(stage: Stage, total: number, originNs: number): Sink {
  if (stage === "receiver") return createReceiverSink(total, originNs);
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
    events: () => ({ opened() {}, payload }),
    measure() {},
    counted: () => count,
    close() {},
  };
}

function createReceiverSink(total: number, originNs: number): Sink {
  const indices = Array.from({ length: SUBSCRIBERS }, (_, slot) => slot);
  const receiver = createReceiver(indices, { topicOf: () => 0 }, () => {});
  const range = { first: 1, last: total };
  return {
    reads: receiver.reads,
    events: (slot) => ({
      opened: (hello, took) => receiver.opened(slot, { close() {} }, hello, took, 0),
      payload: (bytes, start, end) => receiver.payload(slot, bytes, start, end),
    }),
    measure: () => receiver.measure({ startNs: originNs, zeroNs: originNs, endNs: originNs + HOUR_NS, deadlineNs: originNs + 2 * HOUR_NS }),
    counted() {
      const { whole, histograms } = receiver.result([{ whole: range, window: range }], NO_USAGE);
      const recorded = [histograms["delivery"]!, histograms["transit"]!].map(({ pairs }) =>
        pairs.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0),
      );
      return Math.min(whole.delivered, ...recorded);
    },
    close: receiver.closeAll,
  };
}

const NO_USAGE = { elu: 0, loopDelayMs: { p50: 0, p99: 0, max: 0 }, cpuCores: 0, rssBytes: 0 };
