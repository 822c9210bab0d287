/** What the conformance tests need of a client; each adapter is a few lines over one that nobody here wrote. */
import type { Hello } from "../contract.ts";
import type { ServerProcess } from "./server-process.ts";
import type { ShareSession } from "./session.ts";
import type { OpenSocket } from "./websocket-client.ts";

export interface Client {
  /** Path on the subscribers' port. */
  readonly path: string;
  /** How the URL says where to go on: the last message held, or the first one wanted. */
  readonly cursor: "after" | "from";
  /** Whether a connection is held between two messages. */
  readonly holds: boolean;
  /** Whether a payload's CR arrives as it is; an event stream turns it into LF. */
  readonly keepsCr: boolean;
  subscribe(server: ServerProcess, query: SubscribeQuery): Promise<Held>;
  /** Subscribes, and reads nothing more after the hello; for a transport that holds connections. */
  stall?(server: ServerProcess, query: SubscribeQuery): Promise<Stalled>;
  /** Resolves once the server has sent a heartbeat on a fresh, silent subscription. */
  heartbeat?(server: ServerProcess, topic: string): Promise<void>;
  /** Subscribes on an HTTP/2 connection that others share. */
  readonly share?: ShareSession;
  /** Opens a WebSocket, where the transport is one. */
  readonly open?: OpenSocket;
  /** Status of the answer to a subscription that is refused; `target` is its path and query. */
  refused(server: ServerProcess, target: string): Promise<number>;
}

export interface SubscribeQuery {
  readonly topic: string;
  /** The last sequence number already held. */
  readonly after?: number;
}

export interface Held {
  readonly hello: Hello;
  /** The next `count` messages. */
  take(count: number): Promise<string[]>;
  /** Sends a message up on this very connection; absent where it is posted beside it. */
  send?(message: string): void;
  /** Leaves in the way of its protocol. */
  leave(): Promise<void>;
  /** Is gone at once, without a word. */
  vanish(): Promise<void>;
  /** Resolves when the server ends it: a close code, or "end". */
  readonly ended: Promise<number | "end">;
}

export interface Stalled {
  /** Reads again what was left unread, until the connection ends. */
  readToEnd(): Promise<void>;
  vanish(): Promise<void>;
}

/** Where a client subscribes, its cursor spelled as the transport wants it. */
export function target(client: Pick<Client, "path" | "cursor">, { topic, after }: SubscribeQuery): string {
  const cursor = after === undefined ? "" : `&${client.cursor}=${client.cursor === "from" ? after + 1 : after}`;
  return `${client.path}?topic=${topic}${cursor}`;
}
