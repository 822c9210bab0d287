/** How many connections a machine can hold, by what it allows; pure. */
import type { Limits } from "./limits.ts";

/**
 * What one connection is taken to need while both of its ends are on this machine. The server's share is the slope measured on a Node
 * server, the client's that of the lean client, the kernel's both ends with empty buffers; a server that buffers needs more.
 */
export const ASSUMED_BYTES = { server: 10_000, client: 5_000, kernel: 6_000 } as const;
const BYTES_PER_CONNECTION = ASSUMED_BYTES.server + ASSUMED_BYTES.client + ASSUMED_BYTES.kernel;

/** Part of the available memory that connections may take; the rest is for processes, histories and buffers. */
export const MEMORY_SHARE = 0.8;

/** Descriptors a process keeps for itself. */
const OWN_DESCRIPTORS = 100;

/** Usable addresses of 127.0.0.0/8, each of which brings ports of its own. */
export const LOOPBACK_ADDRESSES = 2 ** 24 - 2;

export type Ceiling = "descriptors" | "files" | "ports" | "memory" | "conntrack";

/** Connections each limit allows, both ends on this machine; a limit that cannot be read is absent. */
export interface Headroom {
  readonly ceilings: Readonly<Partial<Record<Ceiling, number>>>;
  /** What one server process reaches, from one client address, and what stops it first. */
  readonly oneProcess?: { readonly connections: number; readonly limit: Ceiling };
  /** What many processes reach together, and what stops them first. */
  readonly machine?: { readonly connections: number; readonly limit: Ceiling };
}

/** The ceilings of a machine: `descriptors` is of one process, `ports` of one client address to one server port, the others of all. */
export function headroomOf(limits: Limits): Headroom {
  const { descriptorsHard, descriptorsSoft, filesMax, filesOpen, portRange, conntrack, memoryAvailableBytes } = limits;
  const descriptors = descriptorsHard ?? descriptorsSoft;
  const ceilings: Partial<Record<Ceiling, number>> = {};
  if (descriptors !== undefined) ceilings.descriptors = Math.max(0, descriptors - OWN_DESCRIPTORS);
  // Each end is an open file.
  if (filesMax !== undefined) ceilings.files = Math.max(0, Math.floor((filesMax - (filesOpen ?? 0)) / 2));
  if (portRange !== undefined) ceilings.ports = portCount(portRange);
  if (conntrack !== undefined) ceilings.conntrack = Math.max(0, conntrack.max - conntrack.count);
  if (memoryAvailableBytes !== undefined) ceilings.memory = Math.floor((memoryAvailableBytes * MEMORY_SHARE) / BYTES_PER_CONNECTION);
  const shared = least(ceilings, ["memory", "files", "conntrack"]);
  const one = least(ceilings, ["descriptors", "ports", "memory", "files", "conntrack"]);
  return {
    ceilings,
    ...(one === undefined ? {} : { oneProcess: one }),
    ...(shared === undefined ? {} : { machine: shared }),
  };
}

/** Ports a client address has to one address and port of a server. */
export function portCount({ first, last, reserved }: NonNullable<Limits["portRange"]>): number {
  return Math.max(0, last - first + 1 - reserved);
}

function least(ceilings: Headroom["ceilings"], among: readonly Ceiling[]): Headroom["machine"] {
  return among
    .flatMap((limit) => (ceilings[limit] === undefined ? [] : [{ connections: ceilings[limit], limit }]))
    .reduce<Headroom["machine"]>((a, b) => (a === undefined || b.connections < a.connections ? b : a), undefined);
}

const NAMES: Readonly<Record<Ceiling, string>> = {
  descriptors: "descriptors a process",
  files: "the machine's open files",
  ports: "ports of one client address",
  memory: "memory",
  conntrack: "the connection-tracking table",
};

/** What follows, in one or two sentences. */
export function describeHeadroom({ ceilings, oneProcess, machine }: Headroom): string {
  if (oneProcess === undefined) return "How many connections this machine can hold cannot be told: none of its limits could be read.";
  const first = `One server process can hold about ${rounded(oneProcess.connections)} connections; the first limit is ${NAMES[oneProcess.limit]}.`;
  if (machine === undefined || machine.connections <= oneProcess.connections) return first;
  // Each process has a port, and with it the client's ports, of its own.
  const each = Math.max(1, Math.min(ceilings.descriptors ?? Infinity, ceilings.ports ?? Infinity));
  const processes = Math.ceil(machine.connections / each);
  return `${first} With ${processes} of them (\`instances: ${processes}\`) about ${rounded(machine.connections)}; then it is ${NAMES[machine.limit]}.`;
}

/** Two digits, down: it is an estimate, and nobody should be promised more. */
export function rounded(count: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return (Math.floor(count / step) * step).toLocaleString("en-US");
}
