/** How long the opening of one subscriber takes, step by step. */
import type { OpenTimes } from "../transport.ts";

export interface Opening {
  /** The request is about to be sent, on a connection that took so long to open. */
  asked(connection: Omit<OpenTimes, "upgradeMs">): void;
  /** The times, when this is the read that carries the hello, or the answer where there is none. */
  times(): OpenTimes;
}

export function createOpening(): Opening {
  let opened: Omit<OpenTimes, "upgradeMs"> = { tcpMs: 0 };
  let askedAt = 0;
  return {
    asked(connection) {
      opened = connection;
      askedAt = performance.now();
    },
    times: () => ({ ...opened, upgradeMs: performance.now() - askedAt }),
  };
}
