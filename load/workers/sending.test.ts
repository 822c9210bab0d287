/** Sending as it is compiled: its alarm has a thread of its own. */
import { expect, test } from "vitest";
import { nowNs } from "../clock.ts";
import { compiledFile } from "../compiled.ts";

const { sendMessages } = (await import(compiledFile("load/workers/sending.ts"))) as typeof import("./sending.ts");

/** Ten messages of a subscriber that is so late that all are due at once, and its window over. */
function late(unsentBytes: () => number) {
  const startNs = nowNs() - 2e9;
  const messages: string[] = [];
  const { sent } = sendMessages({
    assignment: { indices: [0], seed: 1 },
    workload: { topics: 1, rate: 10, arrivals: "fixed", burst: 1, payloadBytes: 128 },
    placement: { topicOf: () => 0 },
    times: { startNs, zeroNs: startNs, endNs: startNs + 1e9, deadlineNs: startNs + 2e9 },
    latestEndNs: startNs + 1e9,
    upOf: () => ({ send: (message) => void messages.push(Buffer.from(message).toString("latin1")), unsentBytes }),
    report() {},
  });
  return { sent, messages };
}

test("what leaves this process once the event loop has turned was sent, also where the window is over by then", async () => {
  let turned = false;
  const { sent, messages } = late(() => {
    if (messages.length > 0) setImmediate(() => (turned = true));
    return turned ? 0 : 128 * messages.length;
  });
  expect(await sent).toMatchObject({ unsent: 0, window: { intended: 10, published: 10 } });
  expect(messages).toHaveLength(10);
});

test("what the server does not take is unsent", async () => {
  const { sent } = late(() => 300);
  expect(await sent).toMatchObject({ unsent: 3, window: { intended: 10, published: 10 } });
});
