/** What this machine allows, who else uses it, and how many connections it can hold. */
import type { Finding } from "./machine/finding.ts";
import { assumedBytes, MEMORY_SHARE } from "./machine/assumed.ts";
import type { AssumedBytes } from "./machine/assumed.ts";
import { describeHeadroom, headroomOf } from "./machine/headroom.ts";
import type { Headroom } from "./machine/headroom.ts";
import { readLimits } from "./machine/limits.ts";
import { judgeMachine } from "./machine/machine-finding.ts";
import type { MachineFacts } from "./machine/machine-finding.ts";
import { watchNeighbours } from "./machine/neighbours.ts";
import { readSoftware } from "./machine/software.ts";

export type { Finding } from "./machine/finding.ts";

export interface Machine {
  readonly findings: readonly Finding[];
  readonly headroom: Headroom;
  /** What follows, in one or two sentences. */
  readonly summary: string;
  /** What the headroom takes a connection to a server on node:http to cost, and the share of the available memory it may use. */
  readonly assumed: { readonly bytes: AssumedBytes; readonly memoryShare: number };
  readonly facts: MachineFacts;
}

/** Long enough that a process at a hundredth of a core shows in ticks of 10 ms. */
const WATCH_MS = 1000;

/** Looks at the machine for a second. */
export async function inspectMachine(): Promise<Machine> {
  // First of all, before this process itself gives the machine something to do.
  const limits = readLimits();
  const neighbours = await watchNeighbours(WATCH_MS);
  const facts = { software: await readSoftware(), limits, neighbours };
  const headroom = headroomOf(limits);
  return {
    findings: judgeMachine(facts),
    headroom,
    summary: describeHeadroom(headroom),
    assumed: { bytes: assumedBytes("node:http", "sse"), memoryShare: MEMORY_SHARE },
    facts,
  };
}
