/** The ways in which a server can lie, each of a known size. */

export type Fault =
  /** Message n reaches everybody `ms[n mod length]` late, or when the one before it does, if that is later. */
  | { readonly kind: "delay"; readonly ms: readonly number[] }
  /** A message for more than `above` subscribers reaches them late: by `ms`, and as much again for each `above` that there are more. */
  | { readonly kind: "crowd"; readonly above: number; readonly ms: number }
  /** The process hands on so many deliveries a second at most: a message for k subscribers keeps the next one waiting k / `perSecond` s. */
  | { readonly kind: "throttle"; readonly perSecond: number }
  /** The whole process stands still for `ms`, every `everyMs`. */
  | { readonly kind: "stall"; readonly ms: number; readonly everyMs: number }
  /** Message `at`, and every so manieth after it, never comes, comes twice, after the next one, or damaged. */
  | { readonly kind: Miscount; readonly at: number; readonly every: number }
  /** All who follow a topic are cut off, abruptly, before message `at`, and every so manieth after it. */
  | { readonly kind: "cut"; readonly at: number; readonly every: number }
  /** Each message costs so much CPU time beside its own. */
  | { readonly kind: "burn"; readonly ms: number }
  /** Likewise, `fromMs` at the first message and ever more or less until `overMs` after it, from when on it is `toMs`. */
  | { readonly kind: "drift"; readonly fromMs: number; readonly toMs: number; readonly overMs: number }
  /** Each subscriber takes so much memory, written to, that is never freed. */
  | { readonly kind: "grow"; readonly bytes: number }
  /** Each connection takes so much memory more while it is open, on whichever port of a server of node:net. */
  | { readonly kind: "weigh"; readonly bytes: number }
  /** Each subscriber opens so many descriptors that are never closed. */
  | { readonly kind: "leak"; readonly descriptors: number }
  /** The process publishes by itself, on a topic of its own, when it sent each message; what it could not send in time follows at once. */
  | { readonly kind: "emit"; readonly topic: string; readonly everyMs: number };

export const MISCOUNTS = ["lose", "duplicate", "swap", "corrupt"] as const;
export type Miscount = (typeof MISCOUNTS)[number];

/** What was really done, to hold against what is reported. Times in ns of the host's clock. */
export interface Injected {
  /** Messages that came from the publisher. */
  messages: number;
  readonly miscounted: Record<Miscount, number>;
  /** Of each message, in the order they came: when it came, and when it had been handed on to all. */
  readonly delaysNs: (readonly [cameNs: number, handedOnNs: number])[];
  /** Begin and end of each stall. */
  readonly stallsNs: (readonly [beginNs: number, endNs: number])[];
  burntNs: number;
  /** The same by message: when it came, and the CPU time burnt for it. */
  readonly burnsNs: (readonly [cameNs: number, burntNs: number])[];
  descriptors: number;
  /** Followers that were cut off, and messages that those who came back without a cursor missed. */
  cut: number;
  missed: number;
  grownBytes: number;
}

const NUMBERS: Readonly<Record<Fault["kind"], readonly string[]>> = {
  delay: [],
  crowd: ["above", "ms"],
  throttle: ["perSecond"],
  stall: ["ms", "everyMs"],
  lose: ["at", "every"],
  duplicate: ["at", "every"],
  swap: ["at", "every"],
  corrupt: ["at", "every"],
  cut: ["at", "every"],
  burn: ["ms"],
  drift: ["fromMs", "toMs", "overMs"],
  grow: ["bytes"],
  weigh: ["bytes"],
  leak: ["descriptors"],
  emit: ["everyMs"],
};

/** Reads a list of faults as JSON; throws an error that says what was expected. */
export function readFaults(text: string): Fault[] {
  const faults: unknown = JSON.parse(text);
  if (!Array.isArray(faults)) throw new Error("faults: expected a list");
  return faults.map(checkFault);
}

function checkFault(value: unknown): Fault {
  const fault = value as Record<string, unknown>;
  const kind = String(fault["kind"]);
  if (!Object.hasOwn(NUMBERS, kind)) throw new Error(`unknown fault "${kind}": expected one of ${Object.keys(NUMBERS).join(", ")}`);
  const isNumber = (each: unknown): boolean => typeof each === "number" && each >= 0;
  const { ms, topic } = fault;
  if (kind === "delay" && !(Array.isArray(ms) && ms.length > 0 && ms.every(isNumber)))
    throw new Error(`fault "delay": expected a list of numbers as ms`);
  if (kind === "emit" && typeof topic !== "string") throw new Error(`fault "emit": expected a name as topic`);
  const missing = NUMBERS[kind as Fault["kind"]].find((name) => !isNumber(fault[name]));
  if (missing !== undefined) throw new Error(`fault "${kind}": expected a number as ${missing}`);
  return value as Fault;
}
