/** What the subscribers of one worker received: ledger, latencies in total and by second, bytes. */
import type { Received, SubscriberAssignment, SubscriberReport, SubscriberResult, TrialTimes, Usage } from "../assignment.ts";
import type { Hello } from "../../servers/contract.ts";
import { performance } from "node:perf_hooks";
import { createEnvelopeReader, findEnvelopes } from "../envelope.ts";
import { createHistogram, slotOf } from "../histogram.ts";
import type { Histogram } from "../histogram.ts";
import { createLedger } from "../ledger.ts";
import type { TopicPublished } from "../ledger.ts";
import type { Placement } from "../placement.ts";
import type { Connection, OpenTimes, Reads, Upward } from "../transport.ts";
import { createReads, readTraffic } from "../transport.ts";
import { createPhaseAccount } from "./phase-account.ts";
import { createSecondReporter } from "./second-reporter.ts";
import { createTurnMeter } from "./turn-meter.ts";

export interface Receiver {
  /** Shared by the connections of this worker. */
  readonly reads: Reads;
  /** The subscriber at `slot` (its place in `indices`) is open; `connectNs` from its intended connect. */
  opened(slot: number, connection: Connection, hello: Hello | undefined, took: OpenTimes, connectNs: number): void;
  /** The one at `slot`, which was gone, is back. */
  reopened(slot: number, connection: Connection, hello: Hello | undefined): void;
  /** What the one at `slot` has to say to be told what it missed: the server's number of the last message that it got. */
  cursorOf(slot: number): number;
  payload(slot: number, bytes: Uint8Array, start: number, end: number): void;
  /** The way up of the subscriber at `slot`, while it is open and sends. */
  upOf(slot: number): Upward | undefined;
  /** Counts one error of that kind; with a slot, its connection is gone. */
  error(kind: string, slot?: number): void;
  measure(times: TrialTimes): void;
  /** The window is later; it has not begun. */
  postpone(times: TrialTimes): void;
  markWindow(edge: "start" | "end"): void;
  /** A phase within the window ends, and the next one begins. */
  markPhase(): void;
  isComplete(published: readonly TopicPublished[]): boolean;
  closeAll(): void;
  result(published: readonly TopicPublished[], usage: Usage): SubscriberResult;
}

/** For the subscribers at these places of the connect order; `phaseEndsNs` from the start of the window, none where it has no phases. */
export function createReceiver(
  indices: SubscriberAssignment["indices"],
  placement: Pick<Placement, "topicOf">,
  report: (message: SubscriberReport) => void,
  phaseEndsNs: readonly number[] = [],
): Receiver {
  const topicOf = Uint32Array.from(indices, placement.topicOf);
  const reads = createReads();
  const envelope = createEnvelopeReader();
  const ledger = createLedger(indices.length);
  const connections: (Connection | undefined)[] = Array.from({ length: indices.length });
  /** Counted, for most transports do not say it with a message: it is not the publisher's where the server lost one before it had a number. */
  const cursors = new Float64Array(indices.length);
  /** Moment of the hello until the first message, then Infinity. */
  const waitingSince = new Float64Array(indices.length);
  const latencies = createHistogram();
  const transit = createHistogram();
  const phases = phaseEndsNs.length === 0 ? undefined : createPhaseAccount(phaseEndsNs);
  /** Where a latency of the window is counted: chosen once, so that a message costs nothing more where there are no phases. */
  const delivery: Pick<Histogram, "recordSlot"> =
    phases === undefined
      ? latencies
      : {
          recordSlot(slot) {
            latencies.recordSlot(slot);
            phases.delivery(envelope.dueNs - times.zeroNs, reads.receivedNs - times.zeroNs, slot);
          },
        };
  const opening = {
    connect: createHistogram(),
    tcp_connect: createHistogram(),
    tls_handshake: createHistogram(),
    upgrade: createHistogram(),
    first_message: createHistogram(),
  };
  const errors: Record<string, number> = {};
  const seconds = createSecondReporter(report);
  const turns = createTurnMeter();
  let messages = 0;
  let broken = 0;
  /** All subscribers of a trial are told a hello, or none. */
  let foreign = false;
  let times: TrialTimes = { startNs: Infinity, zeroNs: Infinity, endNs: Infinity, deadlineNs: Infinity };
  const marks: { start?: Mark; end?: Mark } = {};
  /** Where one phase ended and the next began. */
  const between: Mark[] = [];

  const count = (kind: string): void => {
    errors[kind] = (errors[kind] ?? 0) + 1;
    seconds.error();
  };
  const mark = (): Mark => ({ atMs: performance.now(), messages, ...readTraffic(reads) });

  /** One message where `bytes[start, end)` should hold one; says whether it did. */
  function receive(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { receivedNs } = reads;
    if (!envelope.read(bytes, start, end)) {
      ledger.corrupt(receivedNs >= times.zeroNs);
      return false;
    }
    const { dueNs } = envelope;
    // Of an earlier trial, which a server that was not started for this one may still know.
    if (foreign && dueNs < times.startNs) return true;
    if (envelope.topic !== topicOf[slot]) {
      ledger.corrupt(receivedNs >= times.zeroNs);
      count("wrong_topic");
      return true;
    }
    const inWindow = dueNs >= times.zeroNs && dueNs < times.endNs;
    if (receivedNs > times.deadlineNs) ledger.close();
    if (ledger.receive(slot, envelope.sequence, inWindow) !== "unique") return true;
    messages++;
    const latencyNs = receivedNs - dueNs;
    const latencySlot = slotOf(latencyNs);
    seconds.delivery(receivedNs, latencySlot);
    if (inWindow) {
      delivery.recordSlot(latencySlot);
      transit.record(latencyNs - envelope.lagNs);
    }
    if (waitingSince[slot]! < Infinity) {
      // Nothing could come before the publishing began.
      opening.first_message.record(receivedNs - Math.max(waitingSince[slot]!, times.startNs));
      waitingSince[slot] = Infinity;
    }
    return true;
  }

  return {
    reads,

    opened(slot, connection, hello, took, connectNs) {
      connections[slot] = connection;
      ledger.hello(slot, hello?.next);
      cursors[slot] = (hello?.next ?? 1) - 1;
      foreign = hello === undefined;
      waitingSince[slot] = reads.receivedNs;
      opening.connect.record(connectNs);
      opening.tcp_connect.record(took.tcpMs * 1e6);
      if (took.tlsMs !== undefined) opening.tls_handshake.record(took.tlsMs * 1e6);
      opening.upgrade.record(took.upgradeMs * 1e6);
    },

    reopened(slot, connection, hello) {
      connections[slot] = connection;
      cursors[slot] = (hello?.next ?? 1) - 1;
      reads.traffic.reconnects++;
      seconds.reconnected();
    },

    cursorOf: (slot) => cursors[slot]!,

    payload(slot, bytes, start, end) {
      turns.message(reads.receivedNs);
      cursors[slot]!++;
      if (foreign) findEnvelopes(bytes, start, end, (from, to) => receive(slot, bytes, from, to));
      else receive(slot, bytes, start, end);
    },

    upOf: (slot) => connections[slot]?.up,

    error(kind, slot) {
      count(kind);
      if (slot === undefined) return;
      connections[slot] = undefined;
      broken++;
    },

    measure(given) {
      times = given;
      seconds.start(given);
    },
    postpone(later) {
      times = later;
    },
    markWindow(edge) {
      marks[edge] = mark();
      if (edge === "start") turns.start();
      else turns.stop();
    },
    markPhase() {
      between.push(mark());
    },
    isComplete: (published) => ledger.isComplete((slot) => published[topicOf[slot]!]!),
    closeAll() {
      seconds.stop();
      for (const connection of connections) connection?.close();
    },

    result(published, usage) {
      const totals = ledger.totals((slot) => published[topicOf[slot]!] ?? NOTHING);
      const end = marks.end ?? mark();
      const start = marks.start ?? end;
      return {
        ...totals,
        errors,
        held: connections.filter((connection) => connection !== undefined).length,
        broken,
        reconnects: reads.traffic.reconnects,
        movedStreams: reads.traffic.movedStreams,
        histograms: {
          delivery: latencies.toSparse(),
          transit: transit.toSparse(),
          ...Object.fromEntries(Object.entries(opening).map(([name, histogram]) => [name, histogram.toSparse()])),
        },
        received: receivedBetween(start, end),
        phases: (phases?.read() ?? []).map((phase, i) => ({
          ...phase,
          expected: ledger.expected((slot) => published[topicOf[slot]!]?.phases?.[i]),
          received: receivedBetween(between[i - 1] ?? start, between[i] ?? end),
        })),
        turnMs: turns.read(),
        usage,
      };
    },
  };
}

/** Everything received so far, at one moment. */
type Mark = Omit<Received, "elapsedMs"> & { readonly atMs: number };

function receivedBetween(from: Mark, to: Mark): Received {
  return {
    elapsedMs: to.atMs - from.atMs,
    messages: to.messages - from.messages,
    bytesDown: to.bytesDown - from.bytesDown,
    bytesUp: to.bytesUp - from.bytesUp,
    requests: to.requests - from.requests,
  };
}

const NOTHING: TopicPublished = { whole: { first: 1, last: 0 }, window: { first: 1, last: 0 } };
