/** What a run does: a suite of scenarios, each a workload with its phases and thresholds. */
import type { Client } from "./transport.ts";

/** One workload on one server, with every default filled in. Durations in ms, sizes in bytes, rates per second. */
export interface Scenario {
  readonly name: string;
  readonly pattern: "broadcast" | "topics" | "unicast" | "echo";
  readonly subscribers: number;
  /** 1 for `broadcast`, one a subscriber for `unicast` and `echo`. Messages take turns over them. */
  readonly topics: number;
  /** As many subscribers on each topic, or on topic k a share proportional to 1/k. */
  readonly popularity: "even" | "zipf";
  /** Messages due per second over all topics; their mean over the measured window, where they do not come evenly. */
  readonly rate: number;
  /** What the measured window is made of; absent where one rate holds throughout. Until it begins the rate is that of its first moment. */
  readonly phases?: readonly WorkloadPhase[];
  /** Evenly spaced, as a Poisson process, or several at once. */
  readonly arrivals: "fixed" | "poisson" | "burst";
  /** Messages due at once; 1 but for `burst`. */
  readonly burst: number;
  readonly payloadBytes: number;
  readonly settleMs: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  /** How long after the last due time a message may still arrive. */
  readonly drainMs: number;
  /** Connections opened per second. */
  readonly connectRate: number;
  /** Steps in which they are opened after the first hundred, each with a look at the server; 1: all at once, and no look. */
  readonly steps: number;
  /** What a subscriber does whose connection broke: stay away, follow from then on, or ask for what it missed as well. */
  readonly reconnect: "none" | "fresh" | "resume";
  /** It waits so long before, and by chance up to half as long again. */
  readonly reconnectDelayMs: number;
  /** 0 closes the loop: asked again as soon as answered. */
  readonly pollIntervalMs: number;
  /** Polling only: a connection that is kept, or a new one for each poll. */
  readonly connection: "keep-alive" | "per-poll";
  /** What subscribes: the lean client, or one on the library that users use. */
  readonly client: Client;
  /** Subscribers of a worker that share an HTTP/2 connection at most; fewer where the server takes fewer. */
  readonly streams: number;
  /** WebSocket only: whether messages come as text frames or as binary ones, the same bytes. */
  readonly frames: "text" | "binary";
  /** WebSocket only: each message is compressed by itself (permessage-deflate, RFC 7692). */
  readonly compression: boolean;
  readonly heartbeatMs: number;
  readonly historyMessages: number;
  readonly backpressureBytes: number;
  /** How long a server holds a topic's messages back to send them together; 0 sends each at once. */
  readonly batchMs: number;
  readonly tls: boolean;
  /** Identical server processes; subscribers are shared out over them. */
  readonly instances: number;
  readonly thresholds: readonly Threshold[];
  /** What `matrix` varied for this scenario, for table headings. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** A part of the measured window with a rate of its own. */
export interface WorkloadPhase {
  readonly name: string;
  readonly durationMs: number;
  /** Messages due per second as it begins and as it ends: the same, or changing evenly from the one to the other. */
  readonly startRate: number;
  readonly endRate: number;
}

/** A limit that states an SLO: `delivery_latency_ms.p99 < 250`. */
export interface Threshold {
  readonly metric: string;
  readonly operator: "<" | "<=" | ">" | ">=" | "==" | "!=";
  readonly limit: number;
  /** `off`: it stands there, and is not held against anything. */
  readonly level: "error" | "warn" | "off";
  /** Name of the phase whose figure is meant; absent: that of the whole window. */
  readonly phase?: string;
  /** Holds for these servers only; absent: for all. */
  readonly servers?: readonly string[];
}

/** A server of the user's own: one that runs and speaks the contract, control port included, or a foreign one, which runs or is started. */
export type RunningTarget = ContractTarget | ForeignTarget;

interface TargetBase {
  readonly name: string;
  readonly transport: string;
  /** Where subscribers connect: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** PEM file of the certificate to trust, for an `https:` url that is self-signed. */
  readonly caFile?: string;
  /** Its processes, which are sampled with all that they started; absent: none is. */
  readonly pid?: number | readonly number[];
}

/** It speaks the contract. */
export interface ContractTarget extends TargetBase {
  /** Its control port: `http://127.0.0.1:9090`. */
  readonly control: string;
}

/**
 * It knows nothing of the contract. In `url`, `headers` and `subscribe` {topic} stands for the topic a subscriber wants, in `publish`
 * also {message} for the message; in header values {env:NAME} for a variable of the environment.
 */
export interface ForeignTarget extends TargetBase {
  readonly control?: never;
  readonly headers?: Readonly<Record<string, string>>;
  /** WebSocket only: text frames to send once it is open. */
  readonly subscribe?: string | readonly string[];
  /** WebSocket only: text frames by the frame they answer. */
  readonly answer?: Readonly<Record<string, string>>;
  readonly publish: PublishTemplate;
  /** Starts it afresh for each trial, in a shell, with its port in PORT; port 0 in the addresses stands for that one. Absent: it runs already. */
  readonly command?: string;
}

/** The request that publishes one message. */
export interface PublishTemplate {
  /** POST unless said. */
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Suite {
  readonly name: string;
  readonly description: string;
  /** Path of the file, as given. */
  readonly file: string;
  /** Names from the catalogue, or targets of the user's own. */
  readonly servers: readonly (string | RunningTarget)[];
  readonly trials: number;
  readonly seed: number;
  /** Hosts other than loopback that may be loaded. */
  readonly allow: readonly string[];
  /** Trials run in the order of this field, upwards, and where a server broke it is not asked for more; absent: in no order. */
  readonly climb?: "subscribers" | "rate" | "payloadBytes";
  /** Trials that would end after so long a run are not made. */
  readonly budgetMs?: number;
  /** Whether experiments on what textbooks say are made after the trials. */
  readonly textbook?: true;
  /** Every scenario with its matrix multiplied out. */
  readonly scenarios: readonly Scenario[];
}

/** What a server of a suite is called. */
export function serverName(server: Suite["servers"][number]): string {
  return typeof server === "string" ? server : server.name;
}

/** A phase, and where in the measured window it lies. */
export interface PhaseSpan extends WorkloadPhase {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The phases of a scenario, each with its place; none where one rate holds throughout. */
export function phaseSpans({ phases = [] }: Pick<Scenario, "phases">): PhaseSpan[] {
  let fromMs = 0;
  return phases.map((phase) => {
    const span = { ...phase, fromMs, toMs: fromMs + phase.durationMs };
    fromMs = span.toMs;
    return span;
  });
}

/** Messages that are due in a phase, in fractions too. */
export function dueInPhase({ durationMs, startRate, endRate }: WorkloadPhase): number {
  return ((startRate + endRate) / 2) * (durationMs / 1000);
}
