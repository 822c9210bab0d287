/** A worker: holds its share of the subscribers, keeps their ledger and latencies, and reports once a second and at the end. */
import type { SubscriberAssignment, SubscriberOrder, SubscriberReport, TrialTimes } from "../assignment.ts";
import type { TopicPublished } from "../ledger.ts";
import { nowNs } from "../clock.ts";
import { createPlacement } from "../placement.ts";
import type { Placement } from "../placement.ts";
import { loadTransport } from "../transport.ts";
import type { Transport } from "../transport.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { createConnector } from "./connecting.ts";
import type { Connector } from "./connecting.ts";
import { goFirst } from "./priority.ts";
import { createReceiver } from "./receiver.ts";
import type { Receiver } from "./receiver.ts";
import { sendMessages } from "./sending.ts";
import type { Sender } from "./sending.ts";
import { createUsageMeter } from "./usage.ts";
import type { UsageMeter } from "./usage.ts";

/** How often progress of connecting and draining is looked at. */
const LOOK_MS = 5;

const report = (message: SubscriberReport): void => void process.send?.(message);
let usage: UsageMeter;
let receiver: Receiver;
let assignment: SubscriberAssignment;
let placement: Placement;
let transport: Transport;
let connector: Connector | undefined;
let sender: Sender | undefined;
let times: TrialTimes;
let edges: readonly NodeJS.Timeout[] = [];
let published: readonly TopicPublished[] = [];

process.on("disconnect", () => process.exit(0));
process.on("message", (order: SubscriberOrder) => void obey(order));
report({ kind: "ready" });

async function obey(order: SubscriberOrder): Promise<void> {
  switch (order.kind) {
    case "assign":
      assignment = order.assignment;
      if (assignment.probes) goFirst();
      usage = createUsageMeter(assignment.loopDelayResolutionMs);
      placement = createPlacement(assignment.crowd);
      receiver = createReceiver(assignment.indices, placement, report, assignment.phaseEndsNs);
      // Loaded before the first connect is due, or loading would stand in its latency.
      transport = await loadTransport(assignment.transport, assignment.client);
      report({ kind: "assigned" });
      break;
    case "connect":
      connector ??= createConnector({ transport, assignment, placement, receiver, report });
      connector.connect(order);
      break;
    case "collect":
      await collectGarbage();
      report({ kind: "collected" });
      break;
    case "measure":
      times = order.times;
      receiver.measure(times);
      watchEdges(times);
      if (assignment.sending !== undefined) await send(assignment.sending, times, order.latestEndNs);
      break;
    case "postpone":
      report({ kind: "postponed", inTime: postpone(order.times) });
      break;
    case "drain":
      published = order.published;
      await drain(order.lingerMs);
      break;
    case "disconnect":
      connector?.stop();
      receiver.closeAll();
      report({ kind: "result", result: receiver.result(published, usage.read()) });
      break;
  }
}

/** Marks where the window begins and ends, and its phases, instead of where they were to do so before. */
function watchEdges({ zeroNs, endNs }: TrialTimes): void {
  edges.forEach(clearTimeout);
  const at = (atNs: number, met: () => void): NodeJS.Timeout => setTimeout(met, (atNs - nowNs()) / 1e6);
  edges = [
    at(zeroNs, () => {
      usage.start();
      receiver.markWindow("start");
    }),
    // The last phase ends with the window.
    ...assignment.phaseEndsNs.slice(0, -1).map((phaseEndNs) => at(zeroNs + phaseEndNs, receiver.markPhase)),
    at(endNs, () => {
      receiver.markWindow("end");
      usage.stop();
    }),
  ];
}

/** Says whether the window had not begun. */
function postpone(later: TrialTimes): boolean {
  if (nowNs() >= times.zeroNs) return false;
  times = later;
  receiver.postpone(later);
  watchEdges(later);
  sender?.postpone(later);
  return true;
}

async function send(workload: NonNullable<SubscriberAssignment["sending"]>, given: TrialTimes, latestEndNs: number): Promise<void> {
  sender = sendMessages({ assignment, workload, placement, times: given, latestEndNs, upOf: receiver.upOf, report });
  report({ kind: "sent", result: await sender.sent });
}

/** Waits until everything has come or the deadline has passed, then a while longer for what is late. */
async function drain(lingerMs: number): Promise<void> {
  const giveUpNs = times.deadlineNs + lingerMs * 1e6;
  while (!receiver.isComplete(published) && nowNs() < giveUpNs) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  report({ kind: "drained", complete: receiver.isComplete(published) });
}
