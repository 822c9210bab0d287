/** The ways in which a server can lie, each of a known size. */

export type Fault =
  /** Message n reaches everybody `ms[n mod length]` late, or when the one before it does, if that is later. */
  | { readonly kind: "delay"; readonly ms: readonly number[] }
  /** The whole process stands still for `ms`, every `everyMs`. */
  | { readonly kind: "stall"; readonly ms: number; readonly everyMs: number }
  /** Every so manieth message never comes, comes twice, after the next one, or damaged. */
  | { readonly kind: "lose" | "duplicate" | "swap" | "corrupt"; readonly every: number }
  /** Each message costs so much CPU time beside its own. */
  | { readonly kind: "burn"; readonly ms: number }
  /** Each subscriber opens so many descriptors that are never closed. */
  | { readonly kind: "leak"; readonly descriptors: number };

/** What was really done, to hold against what is reported. Times in ns of the host's clock. */
export interface Injected {
  /** Messages that came from the publisher. */
  messages: number;
  /** How many of them were lost, duplicated, swapped or damaged. */
  faulty: number;
  /** For each message from when it came to when it was handed on, in the order they came. */
  readonly delaysNs: number[];
  /** Begin and end of each stall. */
  readonly stallsNs: (readonly [beginNs: number, endNs: number])[];
  burntNs: number;
  descriptors: number;
}

const NUMBERS: Readonly<Record<Fault["kind"], readonly string[]>> = {
  delay: [],
  stall: ["ms", "everyMs"],
  lose: ["every"],
  duplicate: ["every"],
  swap: ["every"],
  corrupt: ["every"],
  burn: ["ms"],
  leak: ["descriptors"],
};

/** Reads a fault as JSON; throws an error that says what was expected. */
export function readFault(text: string): Fault {
  const fault = JSON.parse(text) as Record<string, unknown>;
  const kind = String(fault["kind"]);
  if (!Object.hasOwn(NUMBERS, kind)) throw new Error(`unknown fault "${kind}": expected one of ${Object.keys(NUMBERS).join(", ")}`);
  const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;
  const { ms } = fault;
  if (kind === "delay" && !(Array.isArray(ms) && ms.length > 0 && ms.every(isNumber)))
    throw new Error(`fault "delay": expected a list of numbers as ms`);
  const missing = NUMBERS[kind as Fault["kind"]].find((name) => !isNumber(fault[name]));
  if (missing !== undefined) throw new Error(`fault "${kind}": expected a number as ${missing}`);
  return fault as Fault;
}
