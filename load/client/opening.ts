/** How long the opening of one subscriber takes, step by step. */
import type { OpenTimes } from "../transport.ts";

export interface Opening {
  /** The request is about to be sent, on a connection that took so long to open. */
  asked(connection: Omit<OpenTimes, "upgradeMs">): void;
  /** The times, when this is the read that carries the hello, or the answer where there is none. */
  times(): OpenTimes;
}

export function createOpening(): Opening {
  return new Timed();
}

class Timed implements Opening {
  #connection: Omit<OpenTimes, "upgradeMs"> = NOT_TIMED;
  #askedAt = 0;

  asked(connection: Omit<OpenTimes, "upgradeMs">): void {
    this.#connection = connection;
    this.#askedAt = performance.now();
  }

  times(): OpenTimes {
    return { ...this.#connection, upgradeMs: performance.now() - this.#askedAt };
  }
}

const NOT_TIMED = { tcpMs: 0 };
