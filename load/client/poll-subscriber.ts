/** A subscriber that asks again and again from where the last answer left off, whatever client carries its polls. */
import type { OpenPolls } from "./poll-connection.ts";
import { createPollGrid } from "./poll-grid.ts";
import type { Subscription, Transport } from "../transport.ts";

type Manner = Pick<Subscription, "pollConnection" | "pollIntervalMs" | "pollPhase"> & {
  readonly path: string;
  /** An answer may say that there is nothing. */
  readonly mayBeEmpty: boolean;
};

/** `subscribe` of polling: asked on a grid, and answered at once. */
export function subscribePolls(open: OpenPolls): Transport["subscribe"] {
  return subscribe(open, (subscription) => ({ ...subscription, path: "/poll", mayBeEmpty: false }));
}

/** `subscribe` of long polling: the next request right behind each answer. */
export function subscribeLongPolls(open: OpenPolls): Transport["subscribe"] {
  const manner: Manner = { path: "/long-poll", mayBeEmpty: true, pollConnection: "keep-alive", pollIntervalMs: 0, pollPhase: 0 };
  return subscribe(open, () => manner);
}

function subscribe(open: OpenPolls, mannerOf: (subscription: Subscription) => Manner): Transport["subscribe"] {
  return (subscription, events, reads) => {
    const { address, topic } = subscription;
    const { path, mayBeEmpty, pollConnection, pollIntervalMs, pollPhase } = mannerOf(subscription);
    let opened = false;
    let after = subscription.after === undefined ? "" : `&after=${subscription.after}`;
    const ask = (): void => connection.ask(`topic=${topic}${after}`);
    const grid = createPollGrid(pollIntervalMs, pollPhase, ask);
    const connection = open(
      { address, path, connection: pollConnection },
      {
        message: (bytes, start, end) => events.payload(bytes, start, end),
        answered(hello) {
          after = `&after=${hello.next - 1}`;
          if (!opened) {
            opened = true;
            events.opened(hello, connection.openTimes());
          }
          grid.answered();
        },
        ...(mayBeEmpty ? { nothing: grid.answered } : {}),
        failed(error) {
          grid.stop();
          events.failed(error);
        },
      },
      reads,
    );
    ask();
    return {
      close() {
        grid.stop();
        connection.close();
      },
    };
  };
}
