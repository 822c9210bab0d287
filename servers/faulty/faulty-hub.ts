/** A hub that lies in one known way and keeps account of it, under whichever transport. */
import { openSync } from "node:fs";
import type { Hub } from "../hub.ts";
import type { Fault, Injected } from "./fault.ts";

export interface FaultyHub extends Hub {
  readonly injected: Injected;
  /** No fault happens after this, and what was held back is handed on. */
  stop(): void;
}

/** What a swap waits for the message that comes before it, at most. */
const SWAP_WAIT_MS = 100;

const nowNs = (): number => Number(process.hrtime.bigint());

export function createFaultyHub(hub: Hub, fault: Fault): FaultyHub {
  const injected: Injected = { messages: 0, faulty: 0, delaysNs: [], stallsNs: [], burntNs: 0, descriptors: 0 };
  const stopping: (() => void)[] = [];
  const publish = publisherOf(fault, hub, injected, stopping);
  if (fault.kind === "stall") stopping.push(stallEvery(fault.everyMs, fault.ms, injected));
  return {
    ...hub,
    publish(topic, payload) {
      injected.messages++;
      publish(topic, payload);
    },
    subscribe(topic, after, subscriber) {
      if (fault.kind === "leak") {
        for (let n = 0; n < fault.descriptors; n++) openSync("/dev/null", "r");
        injected.descriptors += fault.descriptors;
      }
      return hub.subscribe(topic, after, subscriber);
    },
    injected,
    stop() {
      for (const step of stopping) step();
    },
  };
}

type Publish = (topic: string, payload: string) => void;

function publisherOf(fault: Fault, hub: Hub, injected: Injected, stopping: (() => void)[]): Publish {
  const isFaulty = (every: number): boolean => {
    const faulty = injected.messages % every === 0;
    if (faulty) injected.faulty++;
    return faulty;
  };
  switch (fault.kind) {
    case "delay":
      return delayed(hub, fault.ms, injected, stopping);
    case "swap":
      return swapped(hub, () => isFaulty(fault.every), stopping);
    case "lose":
      return (topic, payload) => {
        if (!isFaulty(fault.every)) hub.publish(topic, payload);
      };
    case "duplicate":
      return (topic, payload) => {
        hub.publish(topic, payload);
        if (isFaulty(fault.every)) hub.publish(topic, payload);
      };
    case "corrupt":
      return (topic, payload) => hub.publish(topic, isFaulty(fault.every) ? damaged(payload) : payload);
    case "burn":
      return (topic, payload) => {
        injected.burntNs += burn(fault.ms);
        hub.publish(topic, payload);
      };
    case "stall":
    case "leak":
      return hub.publish;
  }
}

/** In the order they came, so that a delay is no swap. */
function delayed(hub: Hub, ms: readonly number[], injected: Injected, stopping: (() => void)[]): Publish {
  const queue: { readonly topic: string; readonly payload: string; readonly cameNs: number; readonly dueNs: number }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function handOn(untilNs: number): void {
    timer = undefined;
    while (queue.length > 0 && queue[0]!.dueNs <= untilNs) {
      const { topic, payload, cameNs } = queue.shift()!;
      injected.delaysNs.push(nowNs() - cameNs);
      hub.publish(topic, payload);
    }
    if (queue.length > 0) timer = setTimeout(() => handOn(nowNs()), (queue[0]!.dueNs - nowNs()) / 1e6);
  }

  stopping.push(() => {
    clearTimeout(timer);
    handOn(Infinity);
  });
  return (topic, payload) => {
    const cameNs = nowNs();
    const dueNs = cameNs + ms[(injected.messages - 1) % ms.length]! * 1e6;
    queue.push({ topic, payload, cameNs, dueNs: Math.max(dueNs, queue.at(-1)?.dueNs ?? 0) });
    if (timer === undefined) handOn(cameNs);
  };
}

/** Holds a message back until the next one was sent. */
function swapped(hub: Hub, isFaulty: () => boolean, stopping: (() => void)[]): Publish {
  let held: readonly [topic: string, payload: string] | undefined;
  let timer: NodeJS.Timeout | undefined;

  function release(): void {
    clearTimeout(timer);
    const message = held;
    held = undefined;
    if (message !== undefined) hub.publish(...message);
  }

  stopping.push(release);
  return (topic, payload) => {
    if (held === undefined && isFaulty()) {
      held = [topic, payload];
      timer = setTimeout(release, SWAP_WAIT_MS);
      return;
    }
    hub.publish(topic, payload);
    release();
  };
}

/** One letter of it is another. */
function damaged(payload: string): string {
  const at = payload.length >> 1;
  return `${payload.slice(0, at)}${payload[at] === "x" ? "y" : "x"}${payload.slice(at + 1)}`;
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
