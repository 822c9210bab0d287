/** Where the publisher's messages go: publish streams of servers that speak the contract, or requests to one that does not. */
import type { PublishAnswer } from "../../servers/contract.ts";

/** Told of each message when its bytes are about to be written, its send time in them. */
export type Written = (topic: number, sequence: number, dueNs: number, sentNs: number) => void;

export interface Outlet {
  /** That it holds. */
  readonly connections: number;
  /** So much waits that what is due now must not be added. */
  readonly stuck: boolean;
  /** Messages that wait for their connection to be free. */
  readonly waiting: number;
  /** Messages whose answer must be read, which the event loop has to turn for, before others may be written. */
  readonly unanswered: number;
  /** Takes a message at `nowNs`, in the order of its topic; false when {@link Outlet.flush} must come before the next. */
  put(topic: number, sequence: number, dueNs: number, nowNs: number): boolean;
  flush(): void;
  /** Gives what still waits a little time and drops the rest; resolves with the messages that were written and have not left this process. */
  settle(): Promise<number>;
  /** Closes it; the answers are one a server, absent where none came in time. */
  end(): Promise<readonly (PublishAnswer | undefined)[]>;
}
