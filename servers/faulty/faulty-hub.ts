/** A hub that lies in known ways and keeps account of it, under whichever transport. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { openSync } from "node:fs";
import type { Hub } from "../hub.ts";
import type { Fault, Injected } from "../fault.ts";
import { createCuts } from "./cuts.ts";
import type { Cuts } from "./cuts.ts";

export interface FaultyHub extends Hub {
  readonly injected: Injected;
  /** No fault happens after this, and what was held back is handed on. */
  stop(): void;
}

/** Message n of those that came, from 1. */
type Publish = (topic: string, payload: string, n: number) => void;

/** What a swap waits for the message that comes before it, at most. */
const SWAP_WAIT_MS = 100;

/** What was sent before a cut has left the process by then. */
const LEAVING_MS = 20;

const nowNs = (): number => Number(process.hrtime.bigint());

/** Each fault hands on to the next one; what it hits is told by the number of the message, whatever the others did to it. */
export function createFaultyHub(hub: Hub, faults: readonly Fault[]): FaultyHub {
  const injected: Injected = {
    messages: 0,
    miscounted: { lose: 0, duplicate: 0, swap: 0, corrupt: 0 },
    delaysNs: [],
    stallsNs: [],
    burntNs: 0,
    burnsNs: [],
    descriptors: 0,
    cut: 0,
    missed: 0,
    grownBytes: 0,
  };
  const stopping: (() => void)[] = [];
  const cuts = createCuts(hub, injected);
  const subscriptions = (): number => hub.counts().subscriptions;
  const publish = faults.reduceRight<Publish>(
    (next, fault) => apply(fault, next, injected, { cuts, subscriptions, stopping }),
    hub.publish,
  );
  for (const fault of faults) {
    if (fault.kind === "stall") stopping.push(stallEvery(fault.everyMs, fault.ms, injected));
    if (fault.kind === "weigh") stopping.push(weighEach(fault.bytes, injected));
    if (fault.kind === "emit") stopping.push(emitEvery(fault.everyMs, (text) => hub.publish(fault.topic, text)));
  }
  const leaked = faults.reduce((sum, fault) => sum + (fault.kind === "leak" ? fault.descriptors : 0), 0);
  const grown = faults.reduce((sum, fault) => sum + (fault.kind === "grow" ? fault.bytes : 0), 0);
  const kept: Buffer[] = [];
  return {
    ...hub,
    publish: (topic, payload) => publish(topic, payload, ++injected.messages),
    subscribe(topic, after, subscriber) {
      for (let n = 0; n < leaked; n++) openSync("/dev/null", "r");
      injected.descriptors += leaked;
      // Filled, for the kernel gives no page before it is written to.
      if (grown > 0) kept.push(Buffer.alloc(grown, 1));
      injected.grownBytes += grown;
      return cuts.subscribe(topic, after, subscriber);
    },
    injected,
    stop() {
      for (const step of stopping) step();
      cuts.stop();
    },
  };
}

interface Surroundings {
  readonly cuts: Cuts;
  /** Who is subscribed now; a poller is between two polls nobody. */
  subscriptions(): number;
  readonly stopping: (() => void)[];
}

function apply(fault: Fault, next: Publish, injected: Injected, { cuts, subscriptions, stopping }: Surroundings): Publish {
  const isHit = (n: number): boolean => {
    if (!("at" in fault) || n < fault.at || (n - fault.at) % fault.every !== 0) return false;
    if (fault.kind !== "cut") injected.miscounted[fault.kind]++;
    return true;
  };
  switch (fault.kind) {
    case "delay":
      return delayed(next, (n, cameNs) => cameNs + fault.ms[(n - 1) % fault.ms.length]! * 1e6, injected, stopping);
    case "crowd":
      return delayed(next, (_, cameNs) => cameNs + crowdedMs(fault, subscriptions()) * 1e6, injected, stopping);
    case "throttle":
      return delayed(next, throttled(fault.perSecond, subscriptions), injected, stopping);
    case "cut":
      return cutting(next, isHit, cuts, stopping);
    case "swap":
      return swapped(next, isHit, stopping);
    case "lose":
      return (topic, payload, n) => {
        if (!isHit(n)) next(topic, payload, n);
      };
    case "duplicate":
      return (topic, payload, n) => {
        next(topic, payload, n);
        if (isHit(n)) next(topic, payload, n);
      };
    case "corrupt":
      return (topic, payload, n) => next(topic, isHit(n) ? damaged(payload) : payload, n);
    case "burn":
      return burning(next, () => fault.ms, injected);
    case "drift":
      return burning(next, drifting(fault), injected);
    case "stall":
    case "grow":
    case "weigh":
    case "leak":
    case "emit":
      return next;
  }
}

/** What a message for so many subscribers is late by. */
function crowdedMs({ above, ms }: Extract<Fault, { kind: "crowd" }>, subscriptions: number): number {
  return subscriptions <= above ? 0 : (ms * subscriptions) / above;
}

/** When a message may be handed on at the earliest: when those before it have had their time. */
function throttled(perSecond: number, subscriptions: () => number): (n: number, cameNs: number) => number {
  let freeNs = 0;
  return (_, cameNs) => {
    const dueNs = Math.max(freeNs, cameNs);
    freeNs = dueNs + (subscriptions() / perSecond) * 1e9;
    return dueNs;
  };
}

/** Message n is handed on when `dueNs` says; in the order they came, so that a delay is no swap. */
function delayed(next: Publish, dueNsOf: (n: number, cameNs: number) => number, injected: Injected, stopping: (() => void)[]): Publish {
  const queue: { readonly message: Parameters<Publish>; readonly cameNs: number; readonly dueNs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function handOn(untilNs: number): void {
    timer = undefined;
    while (queue.length > 0 && queue[0]!.dueNs <= untilNs) {
      const { message, cameNs } = queue.shift()!;
      next(...message);
      injected.delaysNs.push([cameNs, nowNs()]);
    }
    if (queue.length > 0) timer = setTimeout(() => handOn(nowNs()), (queue[0]!.dueNs - nowNs()) / 1e6);
  }

  stopping.push(() => {
    clearTimeout(timer);
    handOn(Infinity);
  });
  return (...message) => {
    const cameNs = nowNs();
    const dueNs = dueNsOf(message[2], cameNs);
    queue.push({ message, cameNs, dueNs: Math.max(dueNs, queue.at(-1)?.dueNs ?? 0) });
    if (timer === undefined) handOn(cameNs);
  };
}

/** Cuts everybody off once what was sent has left, and only then goes on: what they had is known to the last message. */
function cutting(next: Publish, isHit: (n: number) => boolean, cuts: Cuts, stopping: (() => void)[]): Publish {
  const waiting: Parameters<Publish>[] = [];
  let timer: NodeJS.Timeout | undefined;

  function cut(): void {
    clearTimeout(timer);
    timer = undefined;
    cuts.all();
    for (const message of waiting.splice(0)) next(...message);
  }

  stopping.push(() => {
    if (timer !== undefined) cut();
  });
  return (...message) => {
    if (timer === undefined && !isHit(message[2])) return next(...message);
    waiting.push(message);
    timer ??= setTimeout(cut, LEAVING_MS);
  };
}

/** Holds a message back until the next one was sent. */
function swapped(next: Publish, isHit: (n: number) => boolean, stopping: (() => void)[]): Publish {
  let held: Parameters<Publish> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function release(): void {
    clearTimeout(timer);
    const message = held;
    held = undefined;
    if (message !== undefined) next(...message);
  }

  stopping.push(release);
  return (...message) => {
    if (held === undefined && isHit(message[2])) {
      held = message;
      timer = setTimeout(release, SWAP_WAIT_MS);
      return;
    }
    next(...message);
    release();
  };
}

/** One letter of it is another. */
function damaged(payload: string): string {
  const at = payload.length >> 1;
  return `${payload.slice(0, at)}${payload[at] === "x" ? "y" : "x"}${payload.slice(at + 1)}`;
}

/** Computes for so long before each message is handed on. */
/** What a Buffer takes beside its bytes: its two objects, and what the allocator and the heap add; by the slope of 5000 connections, Node 20. */
const BUFFER_BYTES = 320;

/** Hangs so much memory on each connection that is accepted, until it is gone. */
function weighEach(bytes: number, injected: Injected): () => void {
  const weights = new WeakMap<object, Buffer>();
  const weigh = (message: unknown): void => {
    // Filled, for the kernel gives no page before it is written to.
    weights.set((message as { readonly socket: object }).socket, Buffer.alloc(Math.max(0, bytes - BUFFER_BYTES), 1));
    injected.grownBytes += bytes;
  };
  subscribe(ACCEPTED, weigh);
  return () => void unsubscribe(ACCEPTED, weigh);
}

/** The channel on which Node tells of each connection that a server accepts. */
const ACCEPTED = "net.server.socket";

function burning(next: Publish, msAt: (nowNs: number) => number, injected: Injected): Publish {
  return (...message) => {
    const cameNs = nowNs();
    const burntNs = burn(msAt(cameNs));
    injected.burntNs += burntNs;
    injected.burnsNs.push([cameNs, burntNs]);
    next(...message);
  };
}

/** What a message costs, by the time since the first one. */
function drifting({ fromMs, toMs, overMs }: Extract<Fault, { kind: "drift" }>): (nowNs: number) => number {
  let beganNs: number | undefined;
  return (now) => {
    beganNs ??= now;
    // With nothing to go over, it has already arrived.
    const share = overMs === 0 ? 1 : Math.min(1, (now - beganNs) / 1e6 / overMs);
    return fromMs + (toMs - fromMs) * share;
  };
}

/** Computes until this process has used so much CPU time, waiting not counted; answers how much it was, in ns. */
function burn(ms: number): number {
  const begin = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(begin);
    if (user + system >= ms * 1000) return (user + system) * 1000;
  }
}

/** Stands still without using the CPU, as a process does that waits for a disk. */
function stallEvery(everyMs: number, ms: number, { stallsNs }: Injected): () => void {
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  const timer = setInterval(() => {
    const beginNs = nowNs();
    Atomics.wait(nobody, 0, 0, ms);
    stallsNs.push([beginNs, nowNs()]);
  }, everyMs);
  return () => clearInterval(timer);
}

/** Sends the time, in ns, at which it sends; after a pause what was left out follows at once, each with the time at which it is sent. */
function emitEvery(everyMs: number, send: (text: string) => void): () => void {
  const beganNs = nowNs();
  let sent = 0;
  const timer = setInterval(() => {
    for (; beganNs + sent * everyMs * 1e6 <= nowNs(); sent++) send(String(nowNs()));
  }, 1);
  return () => clearInterval(timer);
}
