/** The client half of the contract: how a subscriber of one transport is opened, heard and closed. */
import type { Hello } from "../servers/contract.ts";

/** Where a subscriber connects. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** PEM of the certificate to trust; absent for plain TCP, `""` for TLS with the system's certificates. */
  readonly ca?: string;
  /** The end to connect from; absent: as the kernel likes. */
  readonly from?: { readonly host: string; readonly port: number };
}

export interface Subscription {
  /** Sequence number of the last message held, to be told what came after it; absent: from now on. */
  readonly after?: number;
  readonly address: Address;
  readonly topic: string;
  /** Polling only: ms between the starts of two polls; 0: the next as soon as answered. */
  readonly pollIntervalMs: number;
  /** Polling only: a connection that is kept, or a new one for each poll. */
  readonly pollConnection: "keep-alive" | "per-poll";
  /** Polling only: share of the interval, in [0, 1), to wait before the first poll after the hello, so that pollers do not march in step. */
  readonly pollPhase: number;
  /** HTTP/2 only: subscribers that share a connection at most; fewer where the server takes fewer. */
  readonly streams: number;
  /** WebSocket only: to ask for compressed messages; a server that does not agree fails the subscriber. */
  readonly compression: boolean;
  /** Whether it sends messages as well as it receives them; absent: it does not. */
  readonly sends?: boolean;
  /** How a server that does not speak the contract is asked; absent where it does. */
  readonly foreign?: ForeignSubscription;
}

/** What a subscriber says to a server that knows nothing of the contract; it is open with the answer, for there is no hello. */
export interface ForeignSubscription {
  /** Path and query. */
  readonly path: string;
  /** Beside those that the protocol asks for, which cannot be named here; `Accept` and `Host` can. */
  readonly headers: Readonly<Record<string, string>>;
  /** WebSocket only: text frames to send once it is open. */
  readonly frames: readonly string[];
  /** WebSocket only: text frames by the frame they answer, for libraries that ping by message. */
  readonly answers: Readonly<Record<string, string>>;
}

/** Application bytes and requests of all connections that share it, framing and headers included, TLS records not; see {@link readTraffic}. */
export interface Traffic {
  bytesDown: number;
  bytesUp: number;
  requests: number;
  /** Connections that were opened again, for the server had closed them between two polls. */
  reconnects: number;
  /** HTTP/2 streams that the server took no more of on their connection, and that were opened on another. */
  movedStreams: number;
}

/** How long each step of opening took, in ms. */
export interface OpenTimes {
  readonly tcpMs: number;
  /** Absent on plain TCP. */
  readonly tlsMs?: number;
  /** From the request's last byte to the hello, or to the answer where there is none. */
  readonly upgradeMs: number;
}

/** Why a connection ended that the subscriber did not close; kinds are counted as `errors.{kind}`. */
export interface ConnectionError {
  readonly kind:
    | "refused"
    | "unreachable"
    | "timeout"
    | "reset"
    | "closed"
    | "tls"
    | "http_status"
    | "protocol"
    | "descriptors"
    | "ports"
    | "other";
  readonly message: string;
}

/** What a connection tells its subscriber. `payload` is called within a read; its bytes are valid during the call only. */
export interface SubscriberEvents {
  /** The hello is absent where the server is a foreign one. */
  opened(hello: Hello | undefined, times: OpenTimes): void;
  /** One message as the contract has it; of a foreign server whatever an event, a line or a frame held. */
  payload(bytes: Uint8Array, start: number, end: number): void;
  /** At most once, and never after {@link Connection.close}. */
  failed(error: ConnectionError): void;
}

/** The same, but that `failed` is told elsewhere. */
export function failingElsewhere(events: SubscriberEvents, failed: SubscriberEvents["failed"]): SubscriberEvents {
  return {
    opened: (hello, times) => events.opened(hello, times),
    payload: (bytes, start, end) => events.payload(bytes, start, end),
    failed,
  };
}

export interface Connection {
  /** Present where the subscription sends. */
  readonly up?: Upward | undefined;
  /** Closes without waiting; no event follows. */
  close(): void;
}

/** The way up of a subscriber that is open. A message that is not taken by the server fails the subscriber. */
export interface Upward {
  /** Sends a message on the subscriber's topic; its bytes are copied before this returns. */
  send(message: Uint8Array): void;
  /** Bytes sent that have not left this process. */
  unsentBytes(): number;
}

export interface Transport {
  readonly name: string;
  readonly capabilities: {
    /** Messages wait for the next request: latency is mostly the interval between two. */
    readonly polls: boolean;
    /** A message answers those who wait, in the order in which they asked again: the quickest subscriber is always the first. */
    readonly asksAgain: boolean;
  };
  /** Opens one subscriber. `receivedNs` of the read that carries an event stands in `reads`. */
  subscribe(subscription: Subscription, events: SubscriberEvents, reads: Reads): Connection;
}

/** Shared by all connections of a worker: the buffer that every read lands in, its moment, and the bytes. */
export interface Reads {
  readonly buffer: Buffer;
  /** When the read being handled began, in ns. */
  receivedNs: number;
  readonly traffic: Traffic;
  /** Bring `traffic` up to date, where a connection's bytes are not counted read by read. */
  readonly counters: Set<() => void>;
}

/** Size of the shared read buffer: what the kernel gives in one read at most. */
const READ_BUFFER_BYTES = 64 * 1024;

export function createReads(): Reads {
  const traffic = { bytesDown: 0, bytesUp: 0, requests: 0, reconnects: 0, movedStreams: 0 };
  return { buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES), receivedNs: 0, traffic, counters: new Set() };
}

/** The traffic until now. */
export function readTraffic({ traffic, counters }: Reads): Readonly<Traffic> {
  for (const count of counters) count();
  return { ...traffic };
}

/** Who listens: the lean client, which costs next to nothing, or the one on the library that users use. */
export type Client = "lean" | "reference";

/** The transport of that name, from its file in `transports/` or, for the reference client, `transports/reference/`. */
export async function loadTransport(name: string, client: Client): Promise<Transport> {
  const folder = client === "lean" ? "transports" : "transports/reference";
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const module = (await import(new URL(`./${folder}/${name}${ending}`, import.meta.url).href)) as { transport: Transport };
  return module.transport;
}
