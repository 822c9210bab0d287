/** What the coordinator tells the processes that carry a trial, and what they tell back. Times are ns of the host's clock. */
import type { PublishAnswer } from "../servers/contract.ts";
import type { SparseCounts } from "./histogram.ts";
import type { TopicPublished } from "./ledger.ts";
import type { GeneratorProcess, LedgerCounts } from "./measurement.ts";
import type { Crowd } from "./placement.ts";
import type { Arrivals } from "./schedule.ts";
import type { Scenario } from "./suite.ts";
import type { Address, Client, ForeignSubscription, Subscription } from "./transport.ts";

/**
 * The measured window, and the start of the schedule before it. What counts as in the window depends on what is asked: a message and
 * its latency by its due time; bytes, requests and the delivery rate by arrival, between the moments at which each process met the
 * edges; CPU and memory between the two samples taken at the edges.
 */
export interface TrialTimes {
  readonly startNs: number;
  /**
   * Start of the measured window. Processes count seconds from where it was to be at first: where a warm-up is extended the window is
   * postponed by whole seconds.
   */
  readonly zeroNs: number;
  readonly endNs: number;
  /** What arrives after this is late, whenever anybody looks. */
  readonly deadlineNs: number;
}

export interface SubscriberAssignment {
  readonly transport: string;
  readonly client: Client;
  /** Places in the connect order of the trial, which also choose topic and instance; see {@link createPlacement}. */
  readonly indices: readonly number[];
  /** One per instance. */
  readonly addresses: readonly Address[];
  readonly topicPrefix: string;
  /** All subscribers of the trial, of which this process holds some. */
  readonly crowd: Crowd;
  readonly pollIntervalMs: number;
  readonly pollConnection: Subscription["pollConnection"];
  readonly streams: number;
  readonly compression: boolean;
  /** Subscribers that this process opens at the same time, at most. */
  readonly openingAtOnce: number;
  /** Whether it holds the probes, whose latency is the headline. */
  readonly probes: boolean;
  /** How finely it looks at the delay of its event loop. */
  readonly loopDelayResolutionMs: number;
  /** Whether each subscriber connects from a port that is chosen for it; see {@link sourceOf}. */
  readonly ownPorts: boolean;
  readonly reconnect: Scenario["reconnect"];
  readonly reconnectDelayMs: number;
  /** {topic} is still to be filled; absent where the server speaks the contract. */
  readonly foreign?: ForeignSubscription;
  /** Where each phase of the window ends, in ns from its start; none where one rate holds throughout. */
  readonly phaseEndsNs: readonly number[];
  /** What the subscribers send, where they publish themselves. */
  readonly sending?: Omit<Arrivals, "seed"> & { readonly payloadBytes: number };
  /** How long to compute at each message, where a selftest wants to see a process that is too slow. */
  readonly busyMs?: number;
  /** How much memory to take for each subscriber that is open, where a selftest wants to see it. */
  readonly hoardBytes?: number;
  readonly seed: number;
}

export interface ConnectOrder {
  readonly startNs: number;
  readonly rate: number;
  /** Places in the connect order. */
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
}

export type SubscriberOrder =
  | { readonly kind: "assign"; readonly assignment: SubscriberAssignment }
  /** Subscriber `index` of `from` to `to` is to connect at `startNs + (index - from) / rate`; given step by step, upwards. */
  | ({ readonly kind: "connect" } & ConnectOrder)
  /** Collect garbage, for memory is about to be looked at. */
  | { readonly kind: "collect" }
  | { readonly kind: "measure"; readonly times: TrialTimes; readonly latestEndNs: number }
  | Postpone
  /** What was published, by topic number: report once all of it is here, or when the deadline and the linger after it have passed. */
  | { readonly kind: "drain"; readonly published: readonly TopicPublished[]; readonly lingerMs: number }
  | { readonly kind: "disconnect" };

export type SubscriberReport =
  | { readonly kind: "ready" }
  | { readonly kind: "assigned" }
  | {
      readonly kind: "connecting";
      /** Of all orders so far. */
      readonly opened: number;
      readonly failed: number;
      /** Whether that is all that was ordered. */
      readonly done: boolean;
      readonly error?: string;
      /** When the last of them was open; 0 before the first. */
      readonly lastOpenedNs: number;
    }
  | { readonly kind: "collected" }
  | {
      readonly kind: "second";
      readonly atSecond: number;
      readonly delivered: number;
      readonly errors: number;
      readonly reconnects: number;
      readonly latency: SparseCounts;
      /** Event-loop utilisation since the last report. */
      readonly elu: number;
    }
  /** Where the subscribers send: how much in a second, and all of it once the window has ended. */
  | { readonly kind: "sending"; readonly atSecond: number; readonly published: number }
  | { readonly kind: "sent"; readonly result: Emitted }
  | Postponed
  | { readonly kind: "drained"; readonly complete: boolean }
  | { readonly kind: "result"; readonly result: SubscriberResult };

export interface SubscriberResult {
  readonly window: LedgerCounts;
  readonly whole: LedgerCounts;
  /** Subscribers that were to get something and got nothing at all. */
  readonly silent: number;
  readonly errors: Readonly<Record<string, number>>;
  /** Subscribers that are connected when the trial is over; a poller is one between two polls, too. */
  readonly held: number;
  /** Connections of open subscribers that broke, over the whole trial. */
  readonly broken: number;
  /** Connections that were opened again, over the whole trial. */
  readonly reconnects: number;
  /** Streams that a server's limit moved to another connection, over the whole trial. */
  readonly movedStreams: number;
  /** By name: `delivery`, `transit` of the window; `connect`, `tcp_connect`, `tls_handshake`, `upgrade`, `first_message` of the trial. */
  readonly histograms: Readonly<Record<string, SparseCounts>>;
  /** Between the edges of the window as this process met them, by time of arrival; of the messages only the first of each. */
  readonly received: Received;
  /** One a phase of the window. */
  readonly phases: readonly PhaseReceived[];
  /** How long the process took over the messages that had come at once, in the window; absent where it got none. */
  readonly turnMs: GeneratorProcess["turnMs"];
  readonly usage: Usage;
}

/** What of the messages due in a phase came to the subscribers of a process, whenever that was. */
export interface PhaseReceived {
  readonly expected: number;
  /** Unique deliveries. */
  readonly delivered: number;
  /** Deliveries that were due by the end of the phase, in an earlier one or in this, and came after it. */
  readonly backlog: number;
  readonly latency: SparseCounts;
  /** Between the moments at which this process met the edges of the phase, by time of arrival. */
  readonly received: Received;
}

export interface Received {
  readonly elapsedMs: number;
  readonly messages: number;
  readonly bytesDown: number;
  readonly bytesUp: number;
  readonly requests: number;
}

export interface PublisherAssignment extends Arrivals {
  /** Control ports; each gets every message. */
  readonly controls: readonly { readonly host: string; readonly port: number }[];
  /** How a foreign server is told a message; absent where there are control ports. */
  readonly foreign?: PublishRequest;
  readonly topicPrefix: string;
  readonly payloadBytes: number;
}

/** The HTTP request that publishes one message: {topic} and {message} are filled in path and body, {topic} in header values too. */
export interface PublishRequest {
  readonly address: Address;
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PublisherOrder =
  | { readonly kind: "assign"; readonly assignment: PublisherAssignment }
  | { readonly kind: "publish"; readonly times: TrialTimes; readonly latestEndNs: number }
  | Postpone;

/** The window is later than was said, `latestEndNs` of that order at the latest; what was due stays due. */
interface Postpone {
  readonly kind: "postpone";
  readonly times: TrialTimes;
}

/** Whether the process heard of it before the window that is no more would have begun: else it has counted messages into that. */
interface Postponed {
  readonly kind: "postponed";
  readonly inTime: boolean;
}

export type PublisherReport =
  | { readonly kind: "ready" }
  | { readonly kind: "connected"; readonly connections: number }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "second"; readonly atSecond: number; readonly published: number }
  | Postponed
  | { readonly kind: "published"; readonly result: PublisherResult }
  /** One a control port, or one of a foreign server for all its requests; absent where none came in time. */
  | { readonly kind: "answers"; readonly answers: readonly (PublishAnswer | undefined)[] };

/** What one process sent of the schedule. */
export interface Emitted {
  readonly topics: readonly TopicPublished[];
  readonly window: { readonly intended: number; readonly published: number };
  readonly whole: { readonly intended: number; readonly published: number };
  /** One a phase of the window. */
  readonly phases: readonly PhaseEmitted[];
  /** Messages that stood in the process's own buffers when the window ended: the server had stopped taking them. */
  readonly unsent: number;
  /** Of the window. */
  readonly lag: SparseCounts;
}

export interface PhaseEmitted {
  readonly intended: number;
  readonly published: number;
  readonly lag: SparseCounts;
}

export interface PublisherResult extends Emitted {
  readonly usage: Usage;
}

/** What a process of the generator used between the edges of the measured window. */
export interface Usage {
  readonly elu: number;
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly cpuCores: number;
  /** Absent where the kernel does not tell. */
  readonly runqWaitMs?: number;
  readonly rssBytes: number;
  /** Open at the end of the window. */
  readonly fds?: number;
}

export function topicName(prefix: string, topic: number): string {
  return `${prefix}-${topic}`;
}
