/** How many connections a machine can hold, by what it allows; pure. */
import { assumedBytes, MEMORY_SHARE, PROCESS_BYTES } from "./assumed.ts";
import type { Limits } from "./limits.ts";

/** Descriptors a process keeps for itself. */
export const OWN_DESCRIPTORS = 100;

/** Part of its descriptors that a process is given connections for: beyond it a measurement is called short of room. */
const FILLED = 0.9;

/** Usable addresses of 127.0.0.0/8, each of which brings ports of its own. */
export const LOOPBACK_ADDRESSES = 2 ** 24 - 2;

/** Connections that one process is given at most. */
export function connectionsAProcess(descriptors: number): number {
  return Math.max(1, Math.floor((descriptors - OWN_DESCRIPTORS) * FILLED));
}

/** Processes that hold so many connections. */
export function processesFor(connections: number, descriptors: number): number {
  return Math.max(1, Math.ceil(connections / connectionsAProcess(descriptors)));
}

export type Ceiling = "descriptors" | "files" | "ports" | "memory" | "conntrack";

/** Connections each limit allows, both ends on this machine; a limit that cannot be read is absent. */
export interface Headroom {
  /** `memory` on a server that stands on node:http. */
  readonly ceilings: Readonly<Partial<Record<Ceiling, number>>>;
  /** What one server process reaches, from one client address, and what stops it first. */
  readonly oneProcess?: Reach;
  /** What many processes reach together, and what stops them first. */
  readonly machine?: Reach;
  /** The same on uWebSockets.js, whose connections need the least memory. */
  readonly machineLeast?: Reach;
}

export interface Reach {
  readonly connections: number;
  readonly limit: Ceiling;
}

/** The ceilings of a machine: `descriptors` is of one process, `ports` of one client address to one server port, the others of all. */
export function headroomOf(limits: Limits): Headroom {
  const { descriptorsHard, descriptorsSoft, filesMax, filesOpen, portRange } = limits;
  const descriptors = descriptorsHard ?? descriptorsSoft;
  const ceilings: Partial<Record<Ceiling, number>> = {};
  if (descriptors !== undefined) ceilings.descriptors = Math.max(0, descriptors - OWN_DESCRIPTORS);
  // Each end is an open file.
  if (filesMax !== undefined) ceilings.files = Math.max(0, Math.floor((filesMax - (filesOpen ?? 0)) / 2));
  if (portRange !== undefined) ceilings.ports = portCount(portRange);
  const tracked = trackedLeft(limits);
  if (tracked !== undefined) ceilings.conntrack = tracked;
  const memory = memoryCeiling(limits, "node:http");
  if (memory !== undefined) ceilings.memory = memory;
  const leastMemory = memoryCeiling(limits, "uWebSockets.js");
  const shared = ["memory", "files", "conntrack"] as const;
  const one = least(ceilings, ["descriptors", "ports", ...shared]);
  const machine = least(ceilings, shared);
  const machineLeast = least({ ...ceilings, ...(leastMemory === undefined ? {} : { memory: leastMemory }) }, shared);
  return {
    ceilings,
    ...(one === undefined ? {} : { oneProcess: one }),
    ...(machine === undefined ? {} : { machine }),
    ...(machineLeast === undefined ? {} : { machineLeast }),
  };
}

/** Room in the table of tracked connections; absent where nothing stands in it, for no rule of a firewall asks for it then. */
export function trackedLeft({ conntrack }: Limits): number | undefined {
  return conntrack === undefined || conntrack.count === 0 ? undefined : Math.max(0, conntrack.max - conntrack.count);
}

/** With both ends of a connection here, and the processes that hold them. */
function memoryCeiling({ memoryAvailableBytes, descriptorsHard, descriptorsSoft }: Limits, library: string): number | undefined {
  if (memoryAvailableBytes === undefined) return undefined;
  const { server, client, kernel } = assumedBytes(library, "sse");
  const descriptors = descriptorsHard ?? descriptorsSoft;
  const ofProcesses = descriptors === undefined ? 0 : (PROCESS_BYTES.server + PROCESS_BYTES.worker) / connectionsAProcess(descriptors);
  return Math.floor((memoryAvailableBytes * MEMORY_SHARE) / (server + client + kernel + ofProcesses));
}

/** Ports a client address has to one address and port of a server. */
export function portCount({ first, last, reserved }: NonNullable<Limits["portRange"]>): number {
  return Math.max(0, last - first + 1 - reserved);
}

function least(ceilings: Headroom["ceilings"], among: readonly Ceiling[]): Reach | undefined {
  return among
    .flatMap((limit) => (ceilings[limit] === undefined ? [] : [{ connections: ceilings[limit], limit }]))
    .reduce<Reach | undefined>((a, b) => (a === undefined || b.connections < a.connections ? b : a), undefined);
}

const NAMES: Readonly<Record<Ceiling, string>> = {
  descriptors: "descriptors a process",
  files: "the machine's open files",
  ports: "ports of one client address",
  memory: "memory",
  conntrack: "the connection-tracking table",
};

/** What follows, in one or two sentences. */
export function describeHeadroom({ ceilings, oneProcess, machine, machineLeast }: Headroom): string {
  if (oneProcess === undefined) return "How many connections this machine can hold cannot be told: none of its limits could be read.";
  const first = `One server process can hold about ${rounded(oneProcess.connections)} connections; the first limit is ${NAMES[oneProcess.limit]}.`;
  if (machine === undefined || machine.connections <= oneProcess.connections) return first;
  const processes = ceilings.descriptors === undefined ? "many" : processesFor(machine.connections, ceilings.descriptors + OWN_DESCRIPTORS);
  const more =
    machineLeast === undefined || machineLeast.connections === machine.connections
      ? ""
      : `, or about ${rounded(machineLeast.connections)} on uWebSockets.js, which needs less memory`;
  return `${first} With ${processes} of them about ${rounded(machine.connections)}${more}; then it is ${NAMES[machine.limit]}.`;
}

/** Two digits, down: it is an estimate, and nobody should be promised more. */
export function rounded(count: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return (Math.floor(count / step) * step).toLocaleString("en-US");
}
