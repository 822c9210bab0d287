import { expect, test, vi } from "vitest";
import type { SubscriberAssignment, SubscriberReport } from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { createPlacement } from "../placement.ts";
import type { SubscriberEvents, Transport } from "../transport.ts";
import { createConnector } from "./connecting.ts";
import { createReceiver } from "./receiver.ts";

const TIMES = { tcpMs: 1, upgradeMs: 1 };

/** A connector of `subscribers`, all due at once, whose attempts are settled by the test. */
function connecting(subscribers: number, openingAtOnce: number) {
  const attempts: SubscriberEvents[] = [];
  const transport: Transport = {
    name: "fake",
    capabilities: { polls: false, asksAgain: false },
    subscribe(_subscription, events) {
      attempts.push(events);
      return { close() {} };
    },
  };
  const crowd = { subscribers, topics: 1, instances: 1, popularity: "even" } as const;
  const assignment: SubscriberAssignment = {
    transport: "fake",
    client: "lean",
    indices: Array.from({ length: subscribers }, (_, i) => i),
    addresses: [{ host: "127.0.0.1", port: 1 }],
    topicPrefix: "t",
    crowd,
    pollIntervalMs: 0,
    pollConnection: "keep-alive",
    streams: 1,
    compression: false,
    openingAtOnce,
    probes: false,
    loopDelayResolutionMs: 5,
    ownPorts: false,
    reconnect: "none",
    reconnectDelayMs: 0,
    phaseEndsNs: [],
    seed: 1,
  };
  const placement = createPlacement(crowd);
  const reports: SubscriberReport[] = [];
  const report = (message: SubscriberReport): void => void reports.push(message);
  const receiver = createReceiver(assignment.indices, placement, report);
  const connector = createConnector({ transport, assignment, placement, receiver, report });
  connector.connect({ startNs: nowNs() - 1e9, rate: 1e6, from: 0, to: subscribers });
  const last = (): Extract<SubscriberReport, { kind: "connecting" }> | undefined =>
    reports.findLast((message) => message.kind === "connecting");
  return { attempts, last };
}

test("no more subscribers are opened at once than the server has room for, and all of them in the end", async () => {
  const { attempts, last } = connecting(10, 3);
  expect(attempts.length).toBe(3);
  let settled = 0;
  while (settled < 10) {
    attempts[settled++]!.opened({ next: 1, missed: 0 }, TIMES);
    await vi.waitFor(() => expect(attempts.length).toBe(Math.min(10, settled + 3)));
  }
  await vi.waitFor(() => expect(last()).toMatchObject({ opened: 10, failed: 0, done: true }));
});

test("one that fails makes room for the next, and is tried again", async () => {
  const { attempts, last } = connecting(2, 1);
  attempts[0]!.failed({ kind: "refused", message: "no" });
  await vi.waitFor(() => expect(attempts.length).toBe(2));
  attempts[1]!.opened({ next: 1, missed: 0 }, TIMES);
  await vi.waitFor(() => expect(attempts.length).toBe(3));
  attempts[2]!.opened({ next: 1, missed: 0 }, TIMES);
  await vi.waitFor(() => expect(last()).toMatchObject({ opened: 2, failed: 0, done: true, error: "no" }));
});
