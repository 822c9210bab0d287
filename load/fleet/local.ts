/** The fleet of one trial on this machine: a publisher where the subscribers do not publish, the probes and the workers, each a child process. */
import type { PublishAnswer } from "../../servers/contract.ts";
import type {
  ConnectOrder,
  Emitted,
  PublisherAssignment,
  PublisherOrder,
  PublisherReport,
  PublisherResult,
  SubscriberAssignment,
  SubscriberOrder,
  SubscriberReport,
  SubscriberResult,
  TrialTimes,
} from "../assignment.ts";
import { nowNs } from "../clock.ts";
import { compiledFile } from "../compiled.ts";
import type { TopicPublished } from "../ledger.ts";
import type { Failure, GeneratorProcess } from "../measurement.ts";
import { present } from "../present.ts";
import { merge } from "../trial/timeline.ts";
import { LOOP_DELAY_RESOLUTION_MS } from "../workers/usage.ts";
import { graceMs, startChild } from "./child.ts";
import { ANSWER_WITHIN_MS, createInbox } from "./inbox.ts";
import type { Inbox } from "./inbox.ts";
import type { Child } from "./child.ts";
import type { Shares } from "./shares.ts";

/** Subscribers that are opened at the same time, an instance: Node has room for 511 connections that it has not taken yet, uWebSockets.js for 512. */
const OPENING_AT_ONCE = 256;

/** Connections that a machine closes in a ms, at the least. */
const CLOSED_PER_MS = 5;

export interface FleetEvents {
  /** Subscribers opened so far. */
  connecting(opened: number): void;
  second(role: "probes" | "subscribers", report: Extract<SubscriberReport, { kind: "second" }>): void;
  published(atSecond: number, messages: number): void;
  /** Something broke that no step is waiting for; every step that still waits never ends. */
  failed(failure: Failure): void;
}

export interface ShareResult {
  readonly role: "probes" | "subscribers";
  readonly pid: number;
  readonly subscribers: number;
  readonly result: SubscriberResult;
}

/** In the order they are called; each resolves when every process has done its part, and is told as `failed` where one does not in time. */
export interface Fleet {
  readonly processes: readonly { readonly role: GeneratorProcess["role"]; readonly pid: number; readonly subscribers: number }[];
  /** All processes listen. */
  ready(): Promise<void>;
  /** Opens the publisher's connections; resolves with their number. Not called where the subscribers publish. */
  openPublisher(assignment: PublisherAssignment): Promise<number>;
  assign(
    assignment: Omit<SubscriberAssignment, "indices" | "openingAtOnce" | "loopDelayResolutionMs" | "probes" | "busyMs" | "hoardBytes">,
    burden?: Burden,
  ): Promise<void>;
  /** May be called again, with the places behind those. */
  connect(order: ConnectOrder): Promise<Connected>;
  /** Collects the garbage of those that subscribe. */
  collect(): Promise<void>;
  /** Publishes the whole schedule; usage is that of the publisher's process, where there is one. */
  publish(times: TrialTimes, latestEndNs?: number): Promise<Published>;
  /**
   * Puts a later window in the place of the one that `publish` was told, `latestEndNs` at the latest; resolves with whether every process
   * heard of it before that would have begun. Where one did not, the trial is spoilt.
   */
  postpone(times: TrialTimes): Promise<boolean>;
  /** Resolves with true when everything that was published has come, and with false a while after the deadline. */
  drain(published: readonly TopicPublished[], lingerMs: number, deadlineNs: number): Promise<boolean>;
  /** What each control port of a publish stream says it took; absent where it did not say so in time. */
  answers(): Promise<readonly (PublishAnswer | undefined)[]>;
  disconnect(): Promise<readonly ShareResult[]>;
  stop(): Promise<void>;
}

/** What slows those that subscribe down, or makes them large, on purpose. */
export interface Burden {
  readonly busy?: Busy;
  /** Memory taken for each subscriber. */
  readonly hoardBytes?: number;
}

/** How long the processes of a role compute at each message. */
export interface Busy {
  readonly role: ShareResult["role"];
  readonly ms: number;
}

export type Published = Emitted & Partial<Pick<PublisherResult, "usage">>;

/** How opening went: what could not be opened, the last reason, and when the last of the others was open. */
export interface Connected {
  readonly failed: number;
  readonly error?: string;
  readonly lastOpenedNs: number;
}

const NAMES = { probes: "probes worker", subscribers: "subscribers worker" } as const;

interface Worker {
  readonly role: "probes" | "subscribers";
  readonly indices: readonly number[];
  readonly child: Child<SubscriberOrder>;
  readonly inbox: Inbox<SubscriberReport>;
  opened: number;
}

/** Starts one process a share, and one to publish unless the subscribers do. */
export function startFleet(shares: Shares, subscribersPublish: boolean, events: FleetEvents): Fleet {
  const died = (how: string): void => events.failed({ kind: "worker", message: how });
  const late =
    (name: string) =>
    (what: string): void =>
      events.failed({ kind: "worker", message: `${name} ${what}` });

  const publisherInbox = createInbox<PublisherReport>(late("publisher"));
  const publisher = subscribersPublish ? undefined : startPublisher();
  function startPublisher(): Child<PublisherOrder> {
    return startChild<PublisherOrder, PublisherReport>({
      name: "publisher",
      file: compiledFile("load/workers/publisher.ts"),
      died,
      report(message) {
        if (message.kind === "second") events.published(message.atSecond, message.published);
        else if (message.kind === "failed") events.failed({ kind: "target", message: `publisher: ${message.message}` });
        else publisherInbox.put(message);
      },
    });
  }

  const workers: Worker[] = [
    ...(shares.probes.length > 0 ? [startWorker("probes", shares.probes)] : []),
    ...shares.workers.map((indices) => startWorker("subscribers", indices)),
  ];

  function startWorker(role: Worker["role"], indices: readonly number[]): Worker {
    const inbox = createInbox<SubscriberReport>(late(NAMES[role]));
    const child = startChild<SubscriberOrder, SubscriberReport>({
      name: NAMES[role],
      file: compiledFile("load/workers/subscriber.ts"),
      died,
      report(message) {
        if (message.kind === "second") {
          events.second(role, message);
        } else if (message.kind === "sending") {
          events.published(message.atSecond, message.published);
        } else if (message.kind === "connecting") {
          worker.opened = message.opened;
          events.connecting(workers.reduce((sum, { opened }) => sum + opened, 0));
          if (message.done) inbox.put(message);
          else inbox.heard();
        } else {
          inbox.put(message);
        }
      },
    });
    const worker: Worker = { role, indices, child, inbox, opened: 0 };
    return worker;
  }

  const tellAll = (order: SubscriberOrder): void => {
    for (const { child } of workers) child.tell(order);
  };
  const all = <K extends SubscriberReport["kind"]>(kind: K, withinMs?: number): Promise<Extract<SubscriberReport, { kind: K }>[]> =>
    Promise.all(workers.map(({ inbox }) => inbox.take(kind, withinMs)));

  return {
    processes: [
      ...(publisher === undefined ? [] : [{ role: "publisher", pid: publisher.pid, subscribers: 0 } as const]),
      ...workers.map(({ role, child, indices }) => ({ role, pid: child.pid, subscribers: indices.length })),
    ],
    async ready() {
      await Promise.all([publisher && publisherInbox.take("ready"), all("ready")]);
    },
    async openPublisher(assignment) {
      publisher?.tell({ kind: "assign", assignment });
      return (await publisherInbox.take("connected")).connections;
    },
    async assign(assignment, { busy, hoardBytes } = {}) {
      const openingAtOnceOf = ({ indices }: Worker): number =>
        Math.ceil((OPENING_AT_ONCE * assignment.addresses.length * indices.length) / assignment.crowd.subscribers);
      for (const worker of workers) {
        const { role, child, indices } = worker;
        const slowed = busy?.role === role ? { busyMs: busy.ms } : {};
        child.tell({
          kind: "assign",
          assignment: {
            ...assignment,
            indices,
            probes: role === "probes",
            openingAtOnce: openingAtOnceOf(worker),
            loopDelayResolutionMs: LOOP_DELAY_RESOLUTION_MS * workers.length,
            ...slowed,
            ...present({ hoardBytes }),
          },
        });
      }
      await all("assigned");
    },
    async connect(order) {
      tellAll({ kind: "connect", ...order });
      const ends = await all("connecting");
      const error = ends.find((end) => end.failed > 0)?.error;
      return {
        failed: ends.reduce((sum, end) => sum + end.failed, 0),
        lastOpenedNs: Math.max(...ends.map(({ lastOpenedNs }) => lastOpenedNs)),
        ...(error === undefined ? {} : { error }),
      };
    },
    async collect() {
      tellAll({ kind: "collect" });
      await all("collected");
    },
    async publish(times, latestEndNs = times.endNs) {
      tellAll({ kind: "measure", times, latestEndNs });
      const withinMs = (latestEndNs - nowNs()) / 1e6 + ANSWER_WITHIN_MS;
      if (publisher === undefined) return mergeEmitted((await all("sent", withinMs)).map(({ result }) => result));
      publisher.tell({ kind: "publish", times, latestEndNs });
      return (await publisherInbox.take("published", withinMs)).result;
    },
    async postpone(times) {
      tellAll({ kind: "postpone", times });
      publisher?.tell({ kind: "postpone", times });
      const answers = await Promise.all([all("postponed"), ...(publisher === undefined ? [] : [publisherInbox.take("postponed")])]);
      return answers.flat().every(({ inTime }) => inTime);
    },
    async drain(published, lingerMs, deadlineNs) {
      tellAll({ kind: "drain", published, lingerMs });
      const withinMs = Math.max(0, (deadlineNs - nowNs()) / 1e6) + lingerMs + ANSWER_WITHIN_MS;
      return (await all("drained", withinMs)).every(({ complete }) => complete);
    },
    async answers() {
      return publisher === undefined ? [] : (await publisherInbox.take("answers")).answers;
    },
    async disconnect() {
      tellAll({ kind: "disconnect" });
      const subscribers = workers.reduce((sum, { indices }) => sum + indices.length, 0);
      const results = await all("result", ANSWER_WITHIN_MS + subscribers / CLOSED_PER_MS);
      return workers.map(({ role, child, indices }, i) => ({
        role,
        pid: child.pid,
        subscribers: indices.length,
        result: results[i]!.result,
      }));
    },
    async stop() {
      for (const inbox of [publisherInbox, ...workers.map((worker) => worker.inbox)]) inbox.close();
      const grace = graceMs(workers.length);
      await Promise.all([publisher?.stop(grace), ...workers.map(({ child }) => child.stop(grace))]);
    },
  };
}

/** Of several processes that each sent the messages of some topics. */
function mergeEmitted(shares: readonly Emitted[]): Emitted {
  const sum = (pick: (share: Emitted) => number): number => shares.reduce((total, share) => total + pick(share), 0);
  const total = (of: "window" | "whole"): Emitted["window"] => ({
    intended: sum((e) => e[of].intended),
    published: sum((e) => e[of].published),
  });
  return {
    topics: shares[0]!.topics.map(
      (first, topic) => shares.map(({ topics }) => topics[topic]!).find(({ whole }) => whole.last > 0) ?? first,
    ),
    window: total("window"),
    whole: total("whole"),
    phases: shares[0]!.phases.map((_, i) => ({
      intended: sum(({ phases }) => phases[i]!.intended),
      published: sum(({ phases }) => phases[i]!.published),
      lag: merge(shares.map(({ phases }) => phases[i]!.lag)).toSparse(),
    })),
    unsent: sum(({ unsent }) => unsent),
    lag: merge(shares.map(({ lag }) => lag)).toSparse(),
  };
}
